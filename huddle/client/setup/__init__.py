"""What is put together at the start: options, configuration, the session and its link."""
