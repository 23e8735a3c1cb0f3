"""huddle-client: the json dialect from the other side, and a line interface for people and pipes.

It knows nothing of the server's inside; what the two share is the wire format (docs/protocol.md).
From the bottom up::

    wire.py       bytes <-> messages: lines within a limit, fields of the right type
    events.py     what can happen, as frozen values
    requests.py   what can be asked of the server
    state.py      what one session remembers, and the patches by which it changes
    journal.py    the file those patches are kept in, and its lock
    place.py      where the session stands in one room: had, own, missing
    pulse.py      is the link alive?
    session.py    ClientSession: the whole protocol, without I/O
    link.py       joins a ClientSession to the network and keeps reconnecting
    commands.py   what one types, and what it means
    rendering.py  events as the lines one reads
    output.py     standard output, and whether it keeps up
    terminal.py   the line interface: questions, commands, end of input
    options.py    the command line
    program.py    main(): puts them together
"""
