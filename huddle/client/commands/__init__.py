"""What a typed line means: the commands in both languages, and what stands behind their names."""
