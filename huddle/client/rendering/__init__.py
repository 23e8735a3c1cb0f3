"""Events as lines: for those who read them, painted for a terminal, or as JSON for programs."""
