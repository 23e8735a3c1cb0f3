"""A conversation over standard input and output, line by line."""
