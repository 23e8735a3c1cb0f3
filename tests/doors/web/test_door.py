"""The door for browsers: who comes by it, what is answered, and what attacks do not cost."""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from typing_extensions import override

from huddle.doors.proxy.address import Source
from huddle.doors.web import heads
from huddle.doors.web.door import PAUSE, PIECE, READ_HEADS, READS, WebFactory, WebProtocol
from huddle.protocol.limits import KIB, Limits
from tests.conversations.test_short_way import assert_short, calls_of
from tests.doors.web.browser import FILES, Asker, WebWorld, hello, opening
from tests.world import TRANSPORTS


class Behind(Factory[WebProtocol]):
    """A door whose peers come from where a proxy says."""

    def __init__(self, door: WebFactory, place: Source) -> None:
        self._door = door
        self._place = place

    @override
    def buildProtocol(self, addr: IAddress | None) -> WebProtocol:
        return self._door.buildProtocol(self._place)


OUR_HEAD = "Host: chat.lan:8000\n\n"
HANDSHAKE = (
    "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_browsers_people_and_programs_talk_with_each_other(transport: str) -> None:
    world = WebWorld(transport=transport)
    ana, bot = world.person("ana"), world.program("bot")
    eva = world.browser("eva")
    ana.hears_at_last("-- eva joined")
    bot.forgets()
    ana.says("hola")
    eva.hears({"type": "said", "nick": "ana", "text": "hola"})
    eva.says("¿qué tal?", "nothing but this")
    ana.hears("<eva> ¿qué tal?", "<eva> nothing but this")
    eva.hears({"type": "ack", "id": 1}, {"type": "ack", "id": 2})
    assert bot.said()[-2:] == ["¿qué tal?", "nothing but this"]


def test_a_browser_that_stops_reading_gets_everything_later_and_once() -> None:
    world = WebWorld(limits=Limits(flood_rate=0))
    ana, eva = world.person("ana"), world.browser("eva")
    eva.stops_reading(100)
    texts = [f"{number} {'x' * 500}" for number in range(2000)]
    for start in range(0, len(texts), 100):
        ana.says(*texts[start : start + 100])
    assert eva.connection.outlet.waiting == 0
    eva.reads_again()
    assert eva.said() == texts
    eva.forgets()
    ana.says("and on")
    eva.hears({"type": "said", "text": "and on"})


def test_a_browser_that_goes_is_held_and_comes_back_with_what_it_missed() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    eva.says("wait")
    eva.closes(1001)
    eva.reads()
    assert eva.gone and eva.closed_by is not None
    ana.says("are you there?")
    ana.hears("<eva> wait")
    back = world.page("eva")
    back.enters(resume=True, epoch=eva.welcome["epoch"], after={"huddle": 1})
    assert back.said() == ["are you there?"]


def test_a_browser_that_says_goodbye_has_left_and_is_closed_with_a_code() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    eva.sends_objects({"type": "bye"})
    world.settle()
    eva.hears({"type": "bye"})
    ana.hears("-- eva left")
    assert eva.closed_by is not None and eva.closed_by.code == 1000


def test_those_who_talk_are_counted_over_all_doors_and_those_who_ask_for_files_are_not() -> None:
    world = WebWorld(limits=Limits(per_address=2))
    for _ in range(100):
        world.asker("10.0.0.1")
    world.browser("eva", address="10.0.0.1")
    world.connect("10.0.0.1")
    late = world.page("late", address="10.0.0.1")
    late.hears({"type": "error", "code": "server-full"})
    assert late.closed_by is not None and late.gone


def test_when_the_house_closes_browsers_hear_it_and_files_are_served_no_more() -> None:
    world = WebWorld()
    eva, asker = world.browser("eva"), world.asker()
    world.web.stopFactory()
    world.closes()
    eva.hears({"type": "closing"})
    assert eva.gone and asker.gone


# What is answered


def test_a_file_is_given_and_the_connection_serves_for_the_next_one() -> None:
    world = WebWorld()
    asker = world.asker()
    for _ in range(3):
        asker.asks_for(f"GET / HTTP/1.1\n{OUR_HEAD}")
        answer = asker.answer()
        assert (answer.status, answer.body) == (200, FILES["/"].body)
    asker.asks_for(f"GET /big.js?v=1 HTTP/1.1\nConnection: close\n{OUR_HEAD}")
    assert asker.answer().body == FILES["/big.js"].body
    assert asker.gone


ALONE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"


@pytest.mark.parametrize(
    ("offer", "agreed"),
    [
        ("permessage-deflate; client_max_window_bits", ALONE),  # Chromium and Firefox
        ("permessage-deflate", ALONE),
        ("permessage-deflate, permessage-deflate; client_max_window_bits", ALONE),
        ("permessage-deflate; server_max_window_bits=10, permessage-deflate", ALONE),
        ("permessage-deflate; server_max_window_bits=10", None),  # a compression of its own
        ("permessage-deflate; unheard_of", None),
        ("x-webkit-deflate-frame", None),
    ],
)
def test_compression_is_agreed_to_where_the_same_bytes_serve_all(
    offer: str, agreed: str | None
) -> None:
    asker, offered = WebWorld().asker(), f"Sec-WebSocket-Extensions: {offer}\n"
    asker.asks_for(f"GET /talk HTTP/1.1\n{offered}{HANDSHAKE}{OUR_HEAD}")
    answer = asker.answer()
    assert answer.status == 101
    assert answer.headers.get("Sec-WebSocket-Extensions") == agreed


def test_of_offers_that_are_far_too_long_nothing_is_read() -> None:
    """16 KiB of them take 11 ms."""
    asker, offered = WebWorld().asker(), f"Sec-WebSocket-Extensions: {'a,' * 600}a\n" * 2
    calls = calls_of_asking(asker, f"GET /talk HTTP/1.1\n{offered}{HANDSHAKE}{OUR_HEAD}")
    answer = asker.answer()
    assert (answer.status, answer.headers.get("Sec-WebSocket-Extensions")) == (101, None)
    assert calls < 1200


def calls_of_asking(asker: Asker, request: str) -> int:
    """Calls of Python's functions, the library's too."""
    calls = Counter[str]()
    sys.setprofile(lambda frame, event, argument: calls.update([event]))
    try:
        asker.asks_for(request)
    finally:
        sys.setprofile(None)
    return calls["call"]


def test_who_offers_what_nobody_can_read_is_not_let_in() -> None:
    asker = WebWorld().asker()
    asker.asks_for(f"GET /talk HTTP/1.1\nSec-WebSocket-Extensions: ;;;\n{HANDSHAKE}{OUR_HEAD}")
    assert asker.answer().status == 400


def test_requests_in_one_write_are_answered_one_after_the_other() -> None:
    asker = WebWorld().asker()
    asker.asks_for(f"GET / HTTP/1.1\n{OUR_HEAD}" * 3)
    assert bytes(asker.wire.taken).count(b"HTTP/1.1 200 OK") == 3


def test_an_answer_is_out_before_the_turn_of_the_next_one() -> None:
    asker = WebWorld().asker()
    asker.protocol.dataReceived(
        f"GET /big.js HTTP/1.1\n{OUR_HEAD}".replace("\n", "\r\n").encode() * 2
    )
    answered, _, more = bytes(asker.wire.taken).partition(FILES["/big.js"].body)
    assert answered.startswith(b"HTTP/1.1 200 OK")
    assert not more
    asker.world.settle()
    assert bytes(asker.wire.taken).count(FILES["/big.js"].body) == 2


@pytest.mark.parametrize("room", [0, 1, 100, 600, 700, 16 * KIB, 99_999, 100_500])
def test_an_answer_is_whole_wherever_its_peer_stopped_taking_it(room: int) -> None:
    asker = WebWorld().asker()
    asker.stops_reading(room)
    asker.asks_for(f"GET /big.js HTTP/1.1\n{OUR_HEAD}" * 2)
    assert bytes(asker.wire.taken).count(FILES["/big.js"].body) == 0
    asker.reads_again()
    first, second, rest = bytes(asker.wire.taken).split(FILES["/big.js"].body)
    assert first == second
    assert first.startswith(b"HTTP/1.1 200 OK")
    assert not rest


@pytest.mark.parametrize("request_", ["HEAD /big.js", "GET /", "HEAD /", "GET /big.js"])
@pytest.mark.parametrize("step", [100, 1_000, 16 * KIB])
def test_answers_keep_their_order_and_none_is_made_while_the_last_is_not_taken(
    request_: str, step: int
) -> None:
    """One without a body is nothing but a head, of which the peer has taken a part."""
    requests = 60
    asker = WebWorld().asker()
    asker.asks_for(f"{request_} HTTP/1.1\n{OUR_HEAD}")
    answer = bytes(asker.wire.taken)
    asker.stops_reading(len(answer) // 2)
    asker.asks_for(f"{request_} HTTP/1.1\n{OUR_HEAD}" * requests)
    transport = asker.protocol.transport
    for _ in range(len(answer) * requests // step + requests):
        assert len(transport.dataBuffer) + sum(map(len, transport._tempDataBuffer)) <= len(answer)
        asker.wire.take(step)
        asker.world.reactor.turn()
    asker.reads_again()
    assert bytes(asker.wire.taken) == answer * (requests + 1)


def test_a_head_may_come_byte_by_byte_and_its_peer_may_end() -> None:
    world = WebWorld()
    asker = world.asker()
    for character in f"GET /big.js HTTP/1.1\n{OUR_HEAD}".replace("\n", "\r\n"):
        asker.sends(character.encode())
        world.settle()
    asker.ends()
    assert asker.answer().body == FILES["/big.js"].body
    assert asker.gone


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET /nothing HTTP/1.1\n", 404),
        ("GET /../door.py HTTP/1.1\n", 404),
        ("PUT / HTTP/1.1\n", 405),
        ("POST / HTTP/1.1\nContent-Length: 0\n", 405),
        ("POST / HTTP/1.1\nContent-Length: 9\n", 413),
        ("GET / HTTP/1.1\ntransfer-encoding: chunked\n", 413),
        ("GET /talk HTTP/1.1\n", 426),
        ("GET /talk HTTP/1.1\nUpgrade: h2c\nConnection: upgrade\n", 426),
        ("GET /talk HTTP/1.1\nUpgrade: websocket\nConnection: upgrade\n", 400),
        ("GET / HTTP/1.1\nbad header\n", 400),
        ("GET / HTTP/2\n", 400),
        ("ana\n", 400),
        ('{"type":"hello"}\n', 400),
        ("\x16\x03\x01\n", 400),
        (f"GET / HTTP/1.1\nX-Long: {'x' * 9000}\n", 431),
        (f"GET /{'x' * 9000} HTTP/1.1\n", 414),
        ("GET / HTTP/1.1\n" + "X: y\n" * 129, 431),
        (f"GET / HTTP/1.1\n{'Cookie: x' * 2000}\n", 431),
        (f"GET / HTTP/1.1\nContent-Length:{' ' * 16_000}x\n", 413),
        ("GET / HTTP/1.1\nUpgrade: websocket, h2c\nConnection: upgrade\n", 426),
        ("POST / HTTP/1.1\nUpgrade: websocket\nConnection: upgrade\n", 405),
        ("GET / HTTP/1.0\nUpgrade: websocket\nConnection: upgrade\n", 505),
        ("GET / HTTP/1.1\nHost: chat.lan\n", 400),
        ("GET / HTTP/1.1\nX: y\n folded\n", 400),
        ("GET / HTTP/1.1\n" + "X: y\n" * 2700, 431),
        ("GET / HTTP/1.1\n" + "X: y\n" * 100_000, 431),
        (f"GET /talk HTTP/1.1\n{HANDSHAKE}Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\n", 400),
        (f"GET /talk HTTP/1.1\n{HANDSHAKE}".replace(": 13", ": 8"), 400),
    ],
)
def test_what_will_not_do_is_refused_with_a_status_and_an_end(request_: str, status: int) -> None:
    world = WebWorld()
    asker = world.asker()
    asker.asks_for(request_ + OUR_HEAD)
    assert asker.answer().status == status
    if status != 404:
        assert asker.gone


@pytest.mark.parametrize(
    "header",
    [
        f"Cookie: {'x' * 9000}\nCOOKIE: y\n",
        "X: y\n" * 127,  # and Host
        "Cookie: x=y\n" * 500,
        "Upgrade: h2c\nConnection: Upgrade, HTTP2-Settings\nHTTP2-Settings: AAMAAABk\n",
        "Range: bytes=0-1\n",
        "Range: bytes=9-1,x\nIf-Range: x\n",
        "Content-Length: 0\n",
        "Accept: caf\u00e9\n",
    ],
)
def test_what_a_browser_may_send_beside_takes_no_file_from_it(header: str) -> None:
    world = WebWorld()
    asker = world.asker()
    asker.sends(f"GET / HTTP/1.1\n{header}{OUR_HEAD}".replace("\n", "\r\n").encode("latin-1"))
    world.settle()
    answer = asker.answer()
    assert (answer.status, answer.body) == (200, FILES["/"].body)


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 431)])
def test_a_head_may_be_so_long_and_no_longer(more: int, status: int) -> None:
    begin, end = "GET / HTTP/1.1\nHost: 127.0.0.1\nCookie: ", "\n\n"
    filler = "x" * (16 * KIB - len(begin) - 2 + more)  # each of the lines ends in CR, too
    assert WebWorld().answered(begin + filler + end).status == status


def test_hundreds_of_requests_in_one_write_are_answered_one_after_the_other() -> None:
    asker = WebWorld().asker()
    asker.asks_for("HEAD / HTTP/1.1\nHost: 1.1.1.1\n\n" * 400)
    assert bytes(asker.wire.taken).count(b"HTTP/1.1 200 OK") == 400


def test_who_ends_behind_a_request_is_answered() -> None:
    for request in ("GET /big.js HTTP/1.0\n\n", "GET / HTTP/1.1\nHost: evil.example\n\n"):
        asker = WebWorld().asker()
        asker.sends(request.replace("\n", "\r\n").encode())
        asker.ends()
        assert asker.answer().status == 403
        assert asker.gone


LAST = [
    ("GET / HTTP/1.1\nHost: evil.example\n\n", 403),
    ("GET / HTTP/1.0\nHost: chat.lan\n\n", 200),
    (f"GET /big.js HTTP/1.1\nConnection: close\n{OUR_HEAD}", 200),
    (f"GET /none HTTP/1.1\nConnection: close\n{OUR_HEAD}GET", 404),
    (f"POST / HTTP/1.1\nContent-Length: 7\n{OUR_HEAD}", 413),
    (f"PUT / HTTP/1.1\n{OUR_HEAD}", 405),
    (f"GET /talk HTTP/1.1\n{OUR_HEAD}", 426),
    (f"GET /talk HTTP/1.1\nUpgrade: websocket\nConnection: upgrade\n{OUR_HEAD}", 400),
    (f"GET / HTTP/1.1\nX: {'x' * 9000}\n{OUR_HEAD}", 431),
    ("hola\n", 400),
]
"""Requests behind which no other is answered."""

last = pytest.mark.parametrize(("request_", "status"), LAST)


@last
def test_what_comes_behind_the_last_request_takes_nothing_of_the_answer(
    request_: str, status: int
) -> None:
    """A connection that is closed with something unread is reset, and what its peer had no room
    for is lost: so it is read, till the peer has ended its own side."""
    asker = WebWorld().asker()
    asker.wire.lingers = True
    asker.stops_reading(40)
    for more in (request_, "GET / HTTP/1.1\n" * 100, "x" * 5000):
        asker.asks_for(more)
    asker.reads_again()
    assert asker.answer().status == status
    for _ in range(3):
        asker.asks_for("and more")
        assert asker.closed and not asker.gone and not asker.wire.incoming
    assert not asker.wire.taken
    asker.ends()
    assert asker.gone


@last
def test_who_does_not_end_behind_the_last_answer_has_the_time_of_one_who_waits(
    request_: str, status: int
) -> None:
    world = WebWorld()
    asker = world.asker()
    asker.wire.lingers = True
    asker.asks_for(request_)
    world.passes(world.limits.web_seconds - 1)
    assert asker.answer().status == status and waiting(world) == [asker]
    world.passes(2)
    assert asker.gone and waiting(world) == []


def test_while_requests_wait_without_end_lines_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    monkeypatch.setattr(world.connections.request_scheduler, "ask", lambda speaker: True)
    asker = world.asker()
    asker.asks_for(f"GET / HTTP/1.1\n{OUR_HEAD}")
    eva.says("hola")
    ana.hears_at_last("<eva> hola")
    assert not asker.wire.taken


def test_what_a_proxy_says_of_the_way_is_believed_of_browsers_too() -> None:
    world = WebWorld()
    for secure in (False, True):
        asker = Asker(world)
        world.attach(asker, door=Behind(world.web, Source("192.0.2.7", secure, proxied=True)))
        asker.sends(opening(hello("eva")))
        world.settle()
        connection = asker.protocol.connection
        assert connection is not None and connection.address == "192.0.2.7"
        assert connection.visit._attendance._origin.secure is secure
        assert connection.transport.proxied


# Whose page it is

FOREIGN = "Host: evil.example\nOrigin: http://evil.example"
REFUSED = 40
"""Calls of Huddle's functions for a request that is none of ours, from its bytes to its end."""


@pytest.mark.parametrize("path", ["/", "/talk"])
def test_a_page_from_elsewhere_costs_little_and_nothing_is_made_for_its_conversation(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = WebWorld()
    monkeypatch.setattr(heads, "ServerProtocol", None)
    upgrade = "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13"
    request = f"GET {path} HTTP/1.1\n{FOREIGN}\n{upgrade}\n\n"
    world.answered(request)
    asker = world.asker()
    calls = calls_of(asker, request.replace("\n", "\r\n").encode())
    assert asker.answer().status == 403 and asker.gone
    assert_short(calls, REFUSED)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("chat.lan:8000", "http://evil.example"),
        ("chat.lan:8000", "null"),
        ("chat.lan:8000", "http://chat.lan:8001"),
        ("chat.lan:8000", "file://chat.lan:8000"),
        ("evil.example:8000", "http://evil.example:8000"),  # DNS rebinding
        ("evil.example", "http://evil.example"),
        ("chat.lan.evil.example", "http://chat.lan.evil.example"),
        ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example"),
    ],
)
def test_a_page_from_elsewhere_and_a_foreign_name_are_told_nothing(host: str, origin: str) -> None:
    world = WebWorld()
    ana = world.person("ana")
    eva = world.page("eva", Host=host, Origin=origin)
    eva.reads()
    assert eva.response is not None and eva.response.status_code == 403
    assert eva.connection is None and eva.gone
    assert b"ana" not in bytes(eva.response.body)
    file = world.answered(f"GET / HTTP/1.1\nHost: {host}\nOrigin: {origin}\n\n")
    assert file.status == 403
    ana.hears()


# What attacks do not cost


def waiting(world: WebWorld) -> list[Asker]:
    return [peer for peer in world.peers if isinstance(peer, Asker) and not peer.gone]


def test_heads_that_never_end_are_bounded_in_all_and_go_after_a_while() -> None:
    world = WebWorld()
    for number in range(1000):
        asker = world.asker(f"10.1.{number % 50}.{number // 50}")
        asker.sends(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 2000)
        world.settle()
    assert len(waiting(world)) <= world.limits.web_waiting
    assert world.web.head_bytes <= world.limits.web_heads
    assert world.answered(f"GET / HTTP/1.1\n{OUR_HEAD}").status == 200
    world.passes(20)
    assert waiting(world) == [] and world.web.head_bytes == 0


def test_so_many_may_wait_and_one_more_puts_out_the_oldest_of_where_most_come_from() -> None:
    world = WebWorld(limits=Limits(web_waiting=3))
    other = world.asker("10.0.0.9")
    first, second = world.asker("10.0.0.1"), world.asker("10.0.0.1")
    assert waiting(world) == [other, first, second]
    third = world.asker("10.0.0.1")
    assert waiting(world) == [other, second, third]


def test_who_asks_for_nothing_or_takes_nothing_waits_so_long_and_no_longer() -> None:
    world = WebWorld(limits=Limits(web_seconds=20))
    silent, again = world.asker(), world.asker("10.0.0.4")
    world.passes(15)
    again.asks_for(f"GET / HTTP/1.1\n{OUR_HEAD}")
    world.passes(4.9)
    assert waiting(world) == [silent, again]
    world.passes(0.2)
    assert waiting(world) == [again]
    world.passes(14.8)
    assert waiting(world) == [again]
    world.passes(0.2)
    assert waiting(world) == []


def test_a_head_that_comes_byte_by_byte_is_read_a_few_times_and_then_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = WebWorld()
    asker = world.asker()
    reads: list[int] = []
    take = WebProtocol.dataReceived

    def counted(protocol: WebProtocol, data: bytes) -> None:
        reads.append(len(data))
        take(protocol, data)

    monkeypatch.setattr(WebProtocol, "dataReceived", counted)
    head = f"GET / HTTP/1.1\nX: {'x' * 3000}\n{OUR_HEAD}".replace("\n", "\r\n").encode()
    for at in range(len(head)):
        asker.sends(head[at : at + 1])
        world.settle()
    assert len(reads) == READS
    for passed in range(1, 11):
        world.passes(PAUSE)
        assert len(reads) <= READS + passed
    assert asker.answer().status == 200
    asker.sends(head)
    world.settle()
    assert asker.answer().status == 200


def test_heads_have_so_many_bytes_in_all_and_one_more_puts_out_who_has_most() -> None:
    world = WebWorld(limits=Limits(web_heads=1000))
    small, large = world.asker("10.0.0.1"), world.asker("10.0.0.2")
    begin = b"GET / HTTP/1.1\r\nX: "
    small.sends(begin + b"x" * (400 - len(begin)))
    large.sends(begin + b"x" * (600 - len(begin)))
    world.settle()
    assert waiting(world) == [small, large]
    small.sends(b"x")
    world.settle()
    assert waiting(world) == [small] and world.web.head_bytes == 401


def test_who_talks_has_a_share_of_the_address_whichever_door_they_come_by() -> None:
    world = WebWorld(limits=Limits(per_address=3))
    world.browser("eva", address="10.0.0.1")
    world.connect("10.0.0.1")
    bot = world.page("bot", address="10.0.0.1")
    bot.enters()
    refused = world.connect("10.0.0.1")
    refused.hears_at_last("-- There are too many connections. Try again later.")
    bot.closes()
    world.passes(1)
    assert not world.connect("10.0.0.1").gone


def test_a_slow_pupil_is_not_put_out_by_one_address_that_only_connects() -> None:
    world = WebWorld()
    slow = world.asker("10.0.0.77")
    slow.sends(b"GET / HTTP/1.1\r\n")
    for _ in range(1000):
        world.asker("10.6.6.6")
    slow.asks_for(f"Accept: */*\n{OUR_HEAD}")
    assert slow.answer().status == 200


@last
def test_what_comes_without_end_is_thrown_away_and_soon_not_even_that(
    request_: str, status: int
) -> None:
    asker = WebWorld().asker()
    asker.wire.lingers = True
    asker.asks_for(request_)
    assert asker.answer().status == status
    for _ in range(100):
        assert asker.protocol.head_size == 0
        asker.sends(b"x" * 8192)
        asker.world.settle()
    assert asker.gone


def test_who_does_not_take_the_files_costs_a_piece_of_one_and_goes_after_a_while() -> None:
    world = WebWorld()
    asker = world.asker()
    asker.stops_reading(100)
    asker.asks_for(f"GET /big.js HTTP/1.1\n{OUR_HEAD}" * 300)
    transport = asker.protocol.transport
    waiting = len(transport.dataBuffer) + transport._tempDataLen
    assert waiting <= 2 * PIECE
    assert asker.protocol.head_size <= READ_HEADS
    assert waiting + asker.protocol.head_size <= 3 * KIB
    world.passes(20)
    assert asker.gone
