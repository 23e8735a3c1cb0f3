"""Huddle: one conversation that everybody can enter with what they already have.

The house. A folder imports only from those below it (`tests/test_floors.py`)::

    tap.py       what twistd loads
    tools/       huddle-account, huddle-archive, huddle-certificate
    server/      the service put together: options, assembly, passwords, TLS, reload, clocks
    doors/       ways in, and what they share: who is connected, limits, keepalive, flow control,
                 shutdown
    visits/      one connection's stay: stages, attendance, arrival, welcome; actions/ is what is
                 done for those who are here
    huddle.py    joins the four below, and owns the rules between them
    rooms/       rooms, who is in them, who may speak; inboxes, which are private messages
    people/      sessions, nicks, accounts, and all that is opened by a secret
    delivery/    what is said: numbered in batches, published, given to each connection
    record/      where messages are kept: the port and its backends, SQLite and memory
    dialects/    lines to requests, events to bytes: plain (people), ndjson (programs)
    client/      huddle-client; of the server it knows only the two below
    protocol/    the vocabulary of both sides: requests, answers, events, errors, commands, limits
    locale/      every sentence in English and in Spanish; clocks and durations as people say them

The words of the house::

    Huddle       the whole conversation: the nick registry, the rooms, the record
    nick         the name a person is shown by
    session      one person's presence as the server knows them, by a secret; outlives connections
    member       a session in a room
    room         a named, ordered sequence of messages, and the members in it: a stream with members
    stream       an ordered sequence of messages with a history, and those who listen to it
    inbox        a session's or account's own stream, ``@``: private messages, sent and received
    message      something said, with its stream's seq (1, 2, 3…, no gaps) and a time; in the record
    notice       something to know now (joined, left, an answer); not in the record
    record       where messages are kept
    batch        the messages that are numbered, committed and sent together
    sequencer    makes the batches: recorded first, then published
    slab         the lines of a batch, rendered once and shared by all who see the same bytes
    audience     those who are level with a stream and see it with the same renderer
    outlet       the one object that writes to a connection: live, or catching up
    door         a way in: a protocol, a transport and a dialect
    transport    takes an outlet's bytes (the port is in `huddle.delivery.transport`)
    visit        one connection's stay, from the greeting to the farewell
    dialect      a wire format, and the traits of those who speak it; a renderer speaks it
    return word  the secret by which an anonymous person takes their own nick back
    mark         what restricts or lifts somebody in a room: banned, muted, voice, host

The way of a message, which is also the hot path::

    HuddleProtocol.dataReceived -> LineInput -> Visit.line -> actions.talk.say -> Speaking.say
        -> Sequencer (a batch) -> Record.append -> Stream.publish (rendered once)
        -> Audience.deliver -> Outlet, for the few that did not take it all

What is below doors/ does no I/O: time, chance and the scheduler are arguments. The core raises
errors with codes and emits events; dialects word them. Three promises, in this order: nothing is
lost, nobody's trouble is anyone else's, fast.
"""
