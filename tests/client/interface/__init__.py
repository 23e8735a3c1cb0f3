"""The parts of the terminal interface that need no terminal."""
