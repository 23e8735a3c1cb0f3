"""What the command lines of all our programs have in common.

- `command_line` options, help, and what every program says of what is wrong in them
- `record_outputs` which files belong to a record, so that no program writes its output to one
"""
