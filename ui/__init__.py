"""The screens and the command line. No arithmetic: they show a plan and change its inputs."""
