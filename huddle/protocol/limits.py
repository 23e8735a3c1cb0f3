"""Every limit of the house in one table: what a stranger can make grow, and how far.

What stands below a field gives its unit and the reason for its value. Options of the command line
override some of them (`huddle.server.options`); nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force. All are inclusive: exactly that much is still accepted."""

    text: int = 4096
    """Bytes of UTF-8 in one text, after cleaning. Longer ones are refused whole, never cut."""

    line: int = 64 * KIB
    """Bytes of one line before its end has come; what is beyond is not kept."""

    unheard: int = 64 * MIB
    """Bytes of all connections that have been read and are not heard yet: lines without an end,
    and those that wait. Then the connection with most gives up its own, of the address (or the
    IPv6 /48) with most."""

    unheard_each: int = 4 * MIB
    """The same of one address; four times as many of an IPv6 /48. A class that pastes has room."""

    block_lines: int = 1000
    """Lines of one block; the next one begins another. A log that is piped into nc goes on for
    days."""

    block_rooms: int = 16
    """Rooms and inboxes in which it is remembered, on several nodes, where a session's block has
    begun; past it the oldest is forgotten, and what is said there then begins another. Each of the
    ``sessions`` has so many."""

    nick: int = 24
    """Characters of a nick, as `huddle.protocol.names` has made it."""

    room_name: int = 32
    """Characters of a room's name."""

    names_shown: int = 50
    """Names in one list of who is here; the count is always the whole."""

    replay: int = 20
    """Messages shown to a member who joins and did not say how many."""

    history: int = 500
    """Messages in one answer to a request for history."""

    found: int = 20
    """Messages shown by a search that did not say how many."""

    flood_rate: float = 5.0
    """Lines a second that one connection may go on speaking at; 0: no limit."""

    flood_burst: int = 60
    """Lines that pass at once after silence: a pasted log of 50 lines arrives together."""

    per_address: int = 64
    """Connections of one address (an IPv6 /64 counts as one); 0: no limit. A class sits
    behind one NAT."""

    unnamed: int = 1000
    """Connections without a nick, in all; when one more comes, one goes: the oldest from the
    address (or the IPv6 /48) with most."""

    attempts_rate: float = 8.0
    """Connections a second that one address may go on making; no limit where ``per_address`` is
    0. A class comes back together when the server was restarted, so many pass at once."""

    attempts_burst: int = 256
    """Connections that one address may make at once."""

    sessions: int = 20_000
    """Sessions in all that are here or held; beyond it no new one is let in."""

    held_each: int = 192
    """Of these, held ones of one address, three times as many of one IPv6 /48; none where
    ``per_address`` is 0. Beyond it the oldest is held no more; and where ``sessions`` is reached,
    the oldest of the address or /48 with most, if those are two or more."""

    sessions_kept: int = 100_000
    """Sessions that have left and are still known to the record; the oldest go first."""

    left_each: int = 1000
    """Of these, those of one address that left in a day and are as old as they are; three times as
    many of one IPv6 /48; none where ``per_address`` is 0. Further ones are the first to go. In the
    30 days of a return word these are fewer than all that are known."""

    former: int = 4096
    """Nicks that were given up and of which is known whose they were; past it the oldest is
    forgotten of the address (or the IPv6 /48) with most."""

    former_each: int = 256
    """Of these, those given up from one address, three times as many from one IPv6 /48; none where
    ``per_address`` is 0. Four for each of its connections; beyond that the oldest is lost."""

    rooms: int = 1000
    """Rooms in all, those included of which only the record knows; then no new one is made."""

    rooms_made: int = 100
    """Rooms that may be made from one address in an hour, operators not counted; 0: no limit. Each
    in which something was said stays for good, so of those that are free one address may also make
    only a part, the smaller the fewer they are (`huddle.rooms.room_quotas`), where
    ``per_address`` is not 0 either."""

    rooms_each: int = 64
    """Rooms that one session may be in."""

    topic: int = 400
    """Bytes of UTF-8 in a topic, or in a reason."""

    room_key: int = 64
    """Characters of a room's key."""

    marks: int = 1000
    """Bans, mutes, voices and hosts of one room, together."""

    marks_all: int = 20_000
    """The same in all rooms together (1 KiB each), those apart that each room may have whatever the
    others have: this divided by ``rooms``, which is 20. Operators may set more. Any guest is the
    host of a room of their own, and could else fill this for everybody."""

    marks_made: int = 300
    """Marks that hosts set from one address in an hour, beyond those 20 of a room; three times as
    many from one IPv6 /48."""

    ignores: int = 100
    """People that one session may ignore."""

    pending: int = 100
    """Private messages that wait for one person who is away; twice as many where they come
    from addresses that have written little."""

    pending_each: int = 40
    """Of these, from one person, or a quarter of them if that is more; twice as many from one
    address, three times from an IPv6 /48."""

    untold: int = 20
    """Things that a person who is away, or reads nothing, is told on coming back: who muted them,
    who did not come back. The newest stay."""

    spoke: int = 1000
    """People of one room whose last words are remembered in slow mode; who spoke first is forgotten
    first."""

    spoke_all: int = 16_384
    """What is remembered so in all rooms, two or three things of each person (512 bytes each); past
    it the oldest is forgotten of the address (or the IPv6 /48) with most."""

    spoke_each: int = 1024
    """Of these, of one address, three times as many of one IPv6 /48; none where ``per_address`` is
    0. Beyond it its oldest is forgotten."""

    slowest: float = 3600.0
    """Seconds between two texts of one person in the slowest room."""

    written: int = 256 * MIB
    """Bytes that are said from one address in an hour, 200 for each message counted too, and four
    times as much from one IPv6 /48; no limit where ``per_address`` or ``flood_rate`` is 0. All who
    have used a sixteenth of it share sixteen times as much."""

    searches: int = 30
    """Searches a minute of one session; as many may come at once."""

    asking: int = 64
    """Searches of one address that wait for their turn, and as many readings of the past: one of
    each for each of its connections."""

    accounts: int = 100_000
    """Registered nicks in all. Each costs a row of the record, and memory while the server runs."""

    registrations: int = 5
    """Accounts that may be registered from one address in an hour; operators are not counted."""

    password_least: int = 8
    """Characters of a password (NIST SP 800-63B, section 5.1.1.2)."""

    password_most: int = 128
    """Characters of a password: hashing a longer one would only cost us time."""

    hashing: int = 64
    """Passwords of one address that wait to be hashed or checked, one for each of its connections;
    each takes 50 ms and 64 MiB of a thread."""

    audit_shown: int = 50
    """Acts shown by an audit that did not say how many."""

    name_seconds: float = 60.0
    """How long a connection may take to give a nick."""

    hold: float = 120.0
    """Seconds that the nick of a lost session is kept for it."""

    word_days: float = 30.0
    """Days after which an unused return word opens nothing."""

    replies: int = 64 * KIB
    """Bytes of a connection's own replies that wait for it, before it is no longer listened to."""

    slab: int = 64 * KIB
    """Bytes handed to a transport at once. The kernel cuts larger sends whatever the reader
    does, which would put every reader into catching up."""

    block: int = 256
    """Messages in one aligned stretch of the record; it is read and rendered once for all."""

    pages: int = 4 * MIB
    """Bytes of rendered blocks kept for those who are catching up."""

    page_count: int = 512
    """The same blocks, counted: each has 16 KiB beside its bytes, also where everything in it is
    said by people whom its reader ignores."""

    tails: int = 4 * MIB
    """Bytes of memory that the newest messages of all rooms and inboxes may take, one or two blocks
    of each: who is nearly level with a room need not wait for the record. Beyond it those are read
    from the record that were spoken in longest ago."""

    uncommitted: int = 4 * MIB
    """Bytes said and not yet in the record; beyond it those who speak are read from later."""

    ring_messages: int = 65_536
    """Messages a room keeps with ``--history none``."""

    ring_bytes: int = 4 * MIB
    """Bytes of memory they may take there, the objects' own size counted."""

    give_up: float = 3600.0
    """Seconds that a reader may take nothing at all of what waits for it, before it is lost."""

    closing: float = 5.0
    """Seconds that a peer has to end its side once we have ended ours."""

    stopping: float = 1.25
    """Seconds for all farewells together when the server stops: it is to have ended in two, and a
    busy machine needs some of them to end a process."""

    web_waiting: int = 256
    """Connections of browsers that do not talk yet: they ask for the files of the page, six at once
    each. When one more comes, the oldest goes of the address (or the IPv6 /48) with most."""

    web_seconds: float = 20.0
    """Seconds that such a connection may take for its next request, or for taking an answer."""

    web_head: int = 16 * KIB
    """Bytes of the head of a request. A browser sends with it the cookies of whatever else is on
    this machine, which are not looked at; any other line of it has at most 8 KiB."""

    web_headers: int = 128
    """Headers of one request, cookies not counted. The library reads no more either."""

    web_heads: int = 256 * KIB
    """Bytes of heads whose end has not come, in all; then the one with most of it has to go."""

    web_fragments: int = 1024
    """Fragments of one message of a WebSocket. No browser makes any."""

    web_unheard_each: int = MIB
    """Bytes of frames of one address that have been read and are not heard yet; four times as many
    of an IPv6 /48. A page sends 4,000 characters at once, and sixty of them have room."""


SITE: Mapping[str, int] = {
    "per_address": 4,
    "attempts_rate": 4,
    "attempts_burst": 4,
    "unheard_each": 4,
    "held_each": 3,
    "left_each": 3,
    "former_each": 3,
    "spoke_each": 3,
    "rooms_made": 3,
    "marks_made": 3,
    "pending_each": 3,
    "written": 4,
    "registrations": 3,
}
"""How many times the share of one address an IPv6 /48 has, by the limit: it is one customer's as a
rule, who has 65,536 addresses."""
