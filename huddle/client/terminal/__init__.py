"""The terminal interface: a prompt that stays put, below the terminal's own scrollback.

It is drawn by prompt_toolkit, on an asyncio loop that is Twisted's reactor as well; nothing else of
the client knows of either. From the bottom up::

    output.py    writes to the terminal, a whole change of the screen at a time
    printer.py   gathers lines, and gives them out in batches
    paste.py     what was pasted, waiting to be looked at
    layout.py    the few rows at the bottom: own lines on their way, status, prompt
    prompt.py    what one types: the text, a paste, completion; keys.py: what the keys do
    screen.py    puts them together: a `Screen` for the conversation
    running.py   the loop, the signals, the end

Beside them: statusline.py, attention.py (is the person looking?), notifications.py (bell, note on
the desktop), completion.py (what Tab makes), secret_mask.py (stars for a password), typed_lines.py
(what was typed in earlier runs).
"""
