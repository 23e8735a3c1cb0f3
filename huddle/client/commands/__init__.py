"""What a typed line means: the commands in both languages, and what stands behind their names.

- `commands` a whole line to an intent; `table` the rows of commands, most of them the server's
- `arguments` what stands behind a command's name
- `intents` what a line can mean, as frozen values
- `json_input` the same of a program that writes lines of JSON
"""
