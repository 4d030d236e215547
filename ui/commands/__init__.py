"""The commands, one module per group; each imports what it needs when it runs, so that asking for help is instant."""
