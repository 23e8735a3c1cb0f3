"""One task and then the end: ``--send`` says a text, ``--tail`` shows what was said.

- `tasks` what each does with a session; `script` runs one, and makes its exit status
"""
