"""A conversation of a person, or a pipe, with the client, whatever the screen is.

What is typed is understood, asked about and carried out; what happens is shown, and remembered in
the buffer of its room.
"""
