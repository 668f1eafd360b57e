"""Changes to sites that were made by an earlier version of this host."""
