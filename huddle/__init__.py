"""Huddle: one conversation that everybody can enter with what they already have.

The house. A folder imports only from those below it (`tests/test_floors.py`)::

    tap.py       what twistd loads
    tools/       huddle-account, huddle-archive, huddle-certificate
    server/      the service put together: options, assembly, passwords, TLS, reload, clocks
    doors/       ways in, and what they share: who is connected, limits, keepalive, flow control,
                 shutdown
    visits/      one connection's stay: states, attendance, arrival, welcome; actions/ is what is
                 done for those who are here
    huddle.py    joins rooms, people, delivery and record, and owns the rules between them
    rooms/       rooms, who is in them, who may speak; inboxes, which are private messages
    people/      sessions, nicks, accounts, and all that is opened by a secret
    delivery/    what is said: numbered in batches, published, given to each connection
    cluster/     several nodes, one conversation: the log that all of them apply
    record/      where messages are kept: the port and its backends, SQLite and memory
    dialects/    lines to requests, events to bytes: plain (people), ndjson (programs)
    client/      huddle-client; of the server it knows only the two below
    protocol/    the vocabulary of both sides: requests, answers, events, errors, commands, limits;
                 timing/ is what is done later, by a clock that is handed in
    locale/      every sentence in English and in Spanish; clocks and durations as people say them

The words of the house::

    Huddle       the whole conversation: the nick registry, the rooms, the record
    house        a Huddle and what lets people into it, as a visit sees them
    nick         the name a person is shown by
    session      one person's presence as the server knows them, by a secret; outlives connections
    account      a nick that belongs to one person for good, by a password, on several devices
    site         the IPv6 /48 that an address is in, which is one customer's: counted as one place
    return word  the secret by which a person without an account takes their own nick back
    hold         the time for which a session that lost its connection keeps its nick and seats
    stream       an ordered sequence of messages with a history, and those who listen to it
    room         a stream with members, and a name by which people find it; everyone starts in one
    inbox        a session's or account's own stream, ``@``: private messages, sent and received
    member       a session in a room
    seat         a session's place in a room; an account on two devices has two, and is one member
    claim        asking for what only one can have: a nick, a seat, a session on a connection
    role         what a person is in a room: stranger, guest, member of the house, host, operator
    permission   leave to ask for one thing; which role has it is in one table
    restriction  what is kept of a person or network in a room: banned, muted, a voice, or host
    mark         one restriction as the record keeps it
    target       whom a mark is on: an account, a session, a nick, an address or a network
    draft        something said that has no number yet
    message      something said, with its stream's seq (1, 2, 3…, no gaps) and a time; in the record
    cursor       the seq up to which somebody has a stream
    epoch        the name of a record: under another one, cursors mean nothing
    block        lines that were pasted together, or that a program says are; they stay together
    notice       what has happened (joined, left), for those who are there; not in the record
    answer       what one connection alone is told, as it asked or must know; not in the record
    record       where messages are kept
    batch        the messages that are numbered, committed and sent together
    saying       in a batch, a draft with its copies: a private message is in two inboxes
    happening    in a batch, what is no message and has its place among them: a notice, an ending
    turn         one round of the reactor, or the time in it that is given to one of many who wait
    sequencer    makes the batches: recorded first, then published
    settle       tell what became of something said or tried: recorded under a seq, or refused
    refuse       answer with an error; what is said behind a message that failed is refused, too
    slab         the lines of a batch, rendered once and shared by all who see the same bytes
    audience     those who are level with a stream and see it with the same renderer
    outlet       the one object that writes to a connection: live, or catching up
    watermark    how far a connection had been given its streams when it was looked at
    cut          where a send ended that a transport did not take whole; the rest catches up
    count        note what a peer's input costs (lines, bytes, time), by which it is slowed down
    give up      end a connection whose reader has taken nothing for `Limits.give_up`
    door         a way in: a protocol, a transport and a dialect
    transport    takes an outlet's bytes (the port is in `huddle.delivery.transport`)
    dialect      a wire format: a reader makes requests of lines
    renderer     makes bytes of events, in one dialect and language, with or without times, numbers
    trait        how those behave who speak a dialect, as far as the server has to know
    visit        one connection's stay, from the greeting to the farewell, in states
    action       what carries out one request, for the session that made it

The way of a message, which is also the hot path. Each calls those that stand under it::

    HuddleProtocol.dataReceived
        TelnetFilter.feed                   where a CR or a command of Telnet is in it
        LineInput.feed                      keeps what was read
            InputScheduler.ask              has it heard now, or when its address has its turn
                LineInput.hear
                    FlowControl.lets_pass   or the line waits
                    Visit.line              the first comes by HuddleProtocol.lineReceived
                        PlainReader.read    bytes to a request
                        talk.say            the action
                            Speaking.say    may it be said, and is it new
                                Sequencer.say
                    Sequencer.commit_early      if it may go; else Sequencer._turn closes the batch
                        MemoryRecord.append         a backend of Record keeps it, and tells
                            Sequencer._committed
                                Huddle._deliver
                                    Stream.publish  renders each batch once
                                        Audience.deliver
                                        Outlet.cut  for the few that did not take it all
                                Speaking.settle     tells those who said it

Who is told of acks, as programs are, is given by one send what others have said around their lines,
and the acks behind that. `Huddle._deliver` leaves it to the end of the batch::

    Sequencer._committed
        Huddle._deliver
            Stream.publish                  gives the others; notes in `around` who has spoken
        Speaking.settle
            Replies.tell                    keeps the acks of each
        Replies.give_out
            Outlet.give_around              the slab without their lines, and the acks

Where the record is SQLite's, a commit to the disk stands between `append` and what is told of it.
Only the thread that writes waits for the disk; the reactor goes on::

    Writer.ask                              the reactor's thread
        WriteQueue.put                      wakes the other, if it sleeps
    Writer._work                            the thread that writes
        Transactions.write                  numbers what has come meanwhile, and commits it
            CallFromThread.__call__         hands the results over
    CallFromThread.doRead                   the reactor's thread again
        SqliteRecord._hear
            SqliteRecord._tell
                Sequencer._committed        and on as above

What is below doors/ does no I/O: time, chance and the scheduler are arguments. The core raises
errors with codes and emits events; dialects word them. Three promises, in this order: nothing is
lost, no peer's trouble is any other's, fast.
"""
