"""A conversation of a person, or a pipe, with the client, whatever the screen is.

What is typed is understood, asked about and carried out; what happens is shown, and remembered in
the buffer of its room.

- `conversation` puts the others together; `ports` the screen and the server that it needs
- `dispatch` carries out what was typed; `questions` what a person is asked, and what they answer
- `display` shows events, and what the program itself has to say; `order` puts own lines in place
- `buffer` one room as its reader knows it; `buffers` all of them; `current_room` where one is
- `scrollback` the lines of one window
- `lifecycle` from the first connection to the exit status
"""
