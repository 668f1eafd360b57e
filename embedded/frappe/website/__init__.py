"""The few pages that this host has of its own."""
