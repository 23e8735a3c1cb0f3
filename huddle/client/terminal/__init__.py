"""The terminal interface: a window for each room and person, a status line, and a prompt.

Only `terminal` and `running` do input and output. From the bottom up::

    keys.py      bytes that a terminal sends, read as keys
    terminal.py  the terminal: its modes, its size, what goes to it and comes from it
    painter.py   puts a frame on it: the rows that have changed
    viewport.py  the part of a window's lines that is to be seen
    layout.py    a frame of all there is to be seen, for a terminal of any size
    editor.py    the line that is typed, and what was typed before it
    prompt.py    what one types: the text, a paste, completion
    windows.py   which window is before one's eyes, and how far it is scrolled back
    screen.py    puts them together: a `Screen` for the conversation
    running.py   the reactor, the signals, the end

Beside them: statusline.py (the bar above the prompt), attention.py (is the person looking?),
notifications.py (bell, note on the desktop), completion.py (what Tab makes), typed_lines.py (what
was typed in earlier runs).
"""
