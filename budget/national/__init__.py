"""Every municipality in a folder, on this machine or on a cluster."""
