"""Huddle: one conversation that everybody can enter with what they already have.

The house, floor by floor; a floor imports only from those below (`tests/test_floors.py`)::

    5  tap, service        what twistd runs: one service, made from the options
       credentials         twisted.cred: Huddle's own passwords and other checkers
       archive, account    huddle-archive, huddle-account: the record from the shell
       tls, hangup         what TLS doors show, read again at SIGHUP; certificate, self_signed:
                           huddle-certificate
       client/             huddle-client; knows nothing of the server's inside
    4  doors/              where transports come in: line.py (TCP, TLS, UNIX), its intake and pipes
    3  dialects/           lines to requests, events to bytes: plain (people), ndjson (programs)
    2  visit               one connection's stay: from the greeting to the farewell
       arrival, welcome    how a session is opened; what somebody is shown then
       acts/               what is done for those who are here: one table of requests
       permissions         who may do what: one table
       commands            what people type: one table
       huddle              joins the parts, and owns the rules between them
       presence, seats     who is connected, held or gone; who is in which room
       naming, ownership   what people are called, and whose accounts are
       registry            who is here: sessions, nicks, accounts
       directory           which rooms there are, and how they are: rows, marks
       admission, speaking who may come in, and who may say something
       inbox, ignoring     private messages; whom one does not want to hear
       locks, gate         what is opened by a secret; the port to whoever knows passwords
       sequencer, replies  batches: recorded first, then published; what one session is told of it
       saving              what the record is to keep of those who are here
       rooms, audience     a room and those who are level with it
       outlet, watch       what one connection is given: live, or catching up; turns for the latter
       history, slab       what is read again, and how lines are shared
       sessions, nicks     one person's presence, and their name; accounts, people: beyond the nick
       words, room_keys, throttle, registrations, liveness, house_clock
       renderer, pipe          the ports to the dialects and to transports
       record/             where messages are kept: the port and its backends
    1  events, requests, errors, limits, text, names, locale/

The way of a message, which is also the hot path::

    HuddleProtocol.lineReceived -> Visit.line -> acts.talk.say -> Huddle.say -> Sequencer (a batch)
        -> Record.append -> Room.publish (rendered once) -> Audience.deliver -> Outlet, for the few
        that did not take it all

Floors 1 to 3 do no I/O: time, chance and the scheduler are arguments. The core raises errors with
codes and emits events; dialects word them. Three promises, in this order: nothing is lost, nobody's
trouble is anyone else's, fast.
"""
