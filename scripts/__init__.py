"""What is made by programs and kept beside the sources.

- `confusables` the table of look-alikes, from Unicode's
- `engine` starts the engine of a cluster on this machine, to try it
- `manual_pages` the man pages, from the programs' own tables and the texts in ``manuals/``
- `picture` the picture of huddle-client, from a session that takes place
"""
