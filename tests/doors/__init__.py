"""The doors: how transports come in."""
