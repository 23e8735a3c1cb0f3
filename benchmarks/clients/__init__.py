"""The programs that people sit at, measured: huddle-client and the page of the web door.

- ``start``: what huddle-client takes until one can type, beside irssi and weechat.
- ``keys``: how long a key takes to the screen while lines come; ``page``: both of the page.
- ``measurements``: each of them as the command line asks for it.
"""
