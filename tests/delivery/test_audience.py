"""Those who see the same bytes: each gets them once, and nobody's trouble is anyone else's."""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.delivery.audience import MANY, MUCH, Audience, send_to_all
from huddle.delivery.outlet import Outlet
from huddle.delivery.transport import DEAD, FULL
from huddle.protocol.limits import KIB
from tests.delivery.hall import Hall
from tests.memory_pipe import outlet
from tests.patience import PATIENCE
from tests.sample_messages import MemoryTransport


def takes(count: int) -> Callable[[bytes], int]:
    return lambda data: count


def would_block(data: bytes) -> int:
    raise BlockingIOError


def is_dead(data: bytes) -> int:
    raise ConnectionResetError


class Listener:
    """One outlet of an audience, and what it was sent."""

    def __init__(self) -> None:
        self.transport = MemoryTransport()
        self.outlet = outlet(self.transport)

    def joins(self, audience: Audience) -> None:
        audience.add(self.outlet, self.transport.send)


def audience_of(*listeners: Listener) -> Audience:
    audience = Audience()
    for listener in listeners:
        listener.joins(audience)
    return audience


def test_everybody_gets_it_once() -> None:
    listeners = [Listener() for _ in range(5)]
    assert audience_of(*listeners).deliver(b"hola\n", ()) == []
    assert [each.transport.data for each in listeners] == [b"hola\n"] * 5


def test_whoever_is_left_out_gets_nothing_of_it_and_the_next_one_again() -> None:
    ana, bob, carla = listeners = [Listener() for _ in range(3)]
    audience = audience_of(*listeners)
    assert audience.deliver(b"one\n", (ana.outlet, carla.outlet)) == []
    assert audience.deliver(b"two\n", ()) == []
    assert [each.transport.data for each in (ana, bob, carla)] == [
        b"two\n",
        b"one\ntwo\n",
        b"two\n",
    ]


def test_only_those_who_did_not_take_it_all_are_named_with_what_they_took() -> None:
    whole, part, full, gone, slow = outlets = [outlet(MemoryTransport()) for _ in range(5)]
    audience = Audience()
    for each, send in zip(outlets, (len, takes(2), would_block, is_dead, takes(FULL)), strict=True):
        audience.add(each, send)
    assert audience.deliver(b"hola\n", ()) == [(part, 2), (full, 0), (gone, DEAD), (slow, FULL)]
    assert whole in audience


def test_whoever_has_left_gets_nothing_and_the_last_one_takes_the_place() -> None:
    ana, bob, carla = listeners = [Listener() for _ in range(3)]
    audience = audience_of(*listeners)
    audience.discard(ana.outlet)
    assert (len(audience), ana.outlet in audience, carla.outlet in audience) == (2, False, True)
    audience.deliver(b"one\n", (carla.outlet,))
    audience.discard(carla.outlet)
    audience.deliver(b"two\n", ())
    assert [each.transport.data for each in listeners] == [b"", b"one\ntwo\n", b""]
    assert bob.outlet in audience


def test_who_was_never_there_may_leave() -> None:
    audience = audience_of(Listener())
    audience.discard(Listener().outlet)
    assert len(audience) == 1


def test_an_audience_of_nobody_is_told_nothing() -> None:
    assert Audience().deliver(b"hola\n", ()) == []


def test_an_error_that_is_nobodys_trouble_leaves_no_one_left_out_for_ever() -> None:
    def breaks(data: bytes) -> int:
        raise ZeroDivisionError

    ana = Listener()
    broken = outlet(MemoryTransport())
    audience = audience_of(ana)
    audience.add(broken, breaks)
    with pytest.raises(ZeroDivisionError):
        audience.deliver(b"one\n", (ana.outlet,))
    audience.discard(broken)
    audience.deliver(b"two\n", ())
    assert ana.transport.data == b"two\n"


@given(st.lists(st.tuples(st.sampled_from("+-!"), st.integers(0, 5), st.sets(st.integers(0, 5)))))
def test_whoever_comes_and_goes_gets_what_is_said_while_they_are_there(
    steps: list[tuple[str, int, set[int]]],
) -> None:
    listeners = [Listener() for _ in range(6)]
    audience = Audience()
    there: set[int] = set()
    expected = [b""] * 6
    for number, (step, who, left_out) in enumerate(steps):
        if step == "+" and who not in there:
            listeners[who].joins(audience)
            there.add(who)
        elif step == "-":
            audience.discard(listeners[who].outlet)
            there.discard(who)
        elif step == "!":
            data = b"%d\n" % number
            outlets: list[Outlet] = [listeners[each].outlet for each in left_out & there]
            assert audience.deliver(data, outlets) == []
            for each in there - left_out:
                expected[each] += data
    assert [each.transport.data for each in listeners] == expected
    assert len(audience) == len(there)


# The loop itself


def test_a_send_that_raises_stops_nobody_behind_it() -> None:
    sends = [would_block, takes(3), is_dead, is_dead, takes(3), would_block]
    assert send_to_all(sends, b"abc") == [0, 3, DEAD, DEAD, 3, 0]


def test_each_send_is_called_once_whoever_raises() -> None:
    called: list[str] = []

    def send(name: str, error: Exception | None = None) -> Callable[[bytes], int]:
        def sends(data: bytes) -> int:
            called.append(name)
            if error:
                raise error
            return len(data)

        return sends

    everybody = [send("a"), send("b", BlockingIOError()), send("c", OSError()), send("d")]
    assert send_to_all(everybody, b"abc") == [3, 0, DEAD, 3]
    assert called == ["a", "b", "c", "d"]


# What is much, for many: real sockets, since the kernel hands it on

ONE = b"one\n" * (MUCH // 4)
TWO = b"two!\n" * (MUCH // 4)
A_LOT = 1 << 30


class Crowd:
    """An audience at one end of connections of TCP, and the other ends."""

    def __init__(self, opened: ExitStack, size: int) -> None:
        self.audience = Audience()
        self.copied: list[bytes] = []
        """What went out by a send, in place of pages."""
        self.outlets = [outlet(MemoryTransport()) for _ in range(size)]
        pairs = [tcp_pair(opened) for _ in range(size)]
        self.near = [near for near, _ in pairs]
        self.far = [far for _, far in pairs]
        for listener, near in zip(self.outlets, self.near, strict=True):
            self.audience.add(listener, partial(self.copies, near), near)

    def copies(self, near: socket.socket, data: bytes) -> int:
        self.copied.append(data)
        return near.send(data)

    def hear(self) -> list[bytes]:
        """What comes to each till the end."""
        for near in self.near:
            near.close()
        return [comes(far, A_LOT) for far in self.far]


def tcp_pair(opened: ExitStack) -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as port:
        far = opened.enter_context(socket.create_connection(port.getsockname()))
        near = opened.enter_context(port.accept()[0])
    near.setblocking(False)
    far.settimeout(PATIENCE)
    near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return near, far


def comes(far: socket.socket, size: int) -> bytes:
    """So many bytes, or what there is till the end."""
    came = b""
    while len(came) < size and (data := far.recv(size - len(came))):
        came += data
    return came


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_what_is_much_for_many_is_copied_once_for_all_of_them(
    opened: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    write = os.write

    def counting(number: int, data: bytes) -> int:
        written.append(write(number, data))
        return written[-1]

    crowd = Crowd(opened, 2 * MANY)
    monkeypatch.setattr("os.write", counting)
    assert crowd.audience.deliver(ONE, ()) == []
    assert crowd.audience.deliver(TWO, ()) == []
    assert written == [len(ONE), len(TWO)]
    assert crowd.copied == []
    assert crowd.audience.given == 2 * MANY
    assert crowd.hear() == [ONE + TWO] * 2 * MANY  # also of a file that is closed by now


def test_no_file_stays_open(opened: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = Crowd(opened, MANY)
    opened_files: list[int] = []
    memfd_create = os.memfd_create

    def counting(name: str) -> int:
        opened_files.append(memfd_create(name))
        return opened_files[-1]

    monkeypatch.setattr("os.memfd_create", counting)
    crowd.audience.deliver(ONE, ())
    monkeypatch.setattr("os.write", no_room)
    crowd.audience.deliver(TWO, ())
    assert len(opened_files) == 2
    for number in opened_files:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(number)


@pytest.mark.parametrize(("size", "data"), [(MANY - 1, ONE), (MANY, ONE[: MUCH - 1])])
def test_what_is_for_few_or_is_little_is_sent_as_it_is(
    opened: ExitStack, size: int, data: bytes
) -> None:
    crowd = Crowd(opened, size)
    assert crowd.audience.deliver(data, ()) == []
    assert crowd.copied == [data] * size


def no_room(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "no room")


def half(number: int, data: bytes) -> int:
    return len(data) // 2


@pytest.mark.parametrize(
    ("call", "instead"), [("memfd_create", no_room), ("write", no_room), ("write", half)]
)
def test_where_there_is_no_room_for_pages_all_are_sent_copies(
    opened: ExitStack, monkeypatch: pytest.MonkeyPatch, call: str, instead: Callable[..., int]
) -> None:
    crowd = Crowd(opened, MANY)
    monkeypatch.setattr(f"os.{call}", instead)
    assert crowd.audience.deliver(ONE, ()) == []
    assert crowd.copied == [ONE] * MANY
    assert crowd.hear() == [ONE] * MANY


def test_where_a_sandbox_forbids_to_send_pages_all_are_sent_copies(
    opened: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> NoReturn:
        raise PermissionError(errno.EPERM, "no sendfile here")

    crowd = Crowd(opened, MANY)
    monkeypatch.setattr("os.sendfile", forbidden)
    assert crowd.audience.deliver(ONE, crowd.outlets[1:2]) == []
    assert crowd.copied == [ONE] * (MANY - 1)
    assert crowd.audience.given == MANY - 1


def test_of_many_too_one_is_left_out_and_the_next_time_not(opened: ExitStack) -> None:
    crowd = Crowd(opened, MANY)
    assert crowd.audience.deliver(ONE, crowd.outlets[1:2]) == []
    assert crowd.audience.given == MANY - 1
    assert crowd.audience.deliver(TWO, ()) == []
    assert crowd.copied == []
    assert crowd.hear() == [ONE + TWO, TWO, *[ONE + TWO] * (MANY - 2)]


def test_who_has_no_socket_of_their_own_is_sent_copies_among_many_who_have(
    opened: ExitStack,
) -> None:
    """As by TLS, where the socket would take it unencrypted."""
    crowd = Crowd(opened, MANY)
    bob = Listener()
    bob.joins(crowd.audience)
    crowd.audience.discard(crowd.outlets[0])  # so bob has its place
    assert crowd.audience.deliver(ONE, ()) == []
    assert bob.transport.data == ONE
    assert crowd.hear() == [b"", *[ONE] * (MANY - 1)]


def test_who_takes_a_part_or_nothing_of_much_is_told_of_and_who_is_gone(opened: ExitStack) -> None:
    crowd = Crowd(opened, MANY)
    stopped, gone, closed = crowd.near[3], crowd.far[5], crowd.near[7]
    stopped.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 * KIB)
    crowd.far[3].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * KIB)
    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()  # a reset
    closed.close()
    taken: list[int] = []
    while 0 not in taken:
        told = dict(crowd.audience.deliver(ONE, ()))
        taken.append(told.pop(crowd.outlets[3], len(ONE)))
        assert told == {crowd.outlets[5]: DEAD, crowd.outlets[7]: DEAD}
        for number, far in enumerate(crowd.far):
            if number not in (3, 5, 7):
                assert comes(far, len(ONE)) == ONE
    stopped.close()
    assert comes(crowd.far[3], A_LOT) == (ONE * len(taken))[: sum(taken)]


def test_an_outlet_brings_its_socket_with_it(opened: ExitStack) -> None:
    hall = Hall()
    pairs = [tcp_pair(opened) for _ in range(MANY)]
    for near, _ in pairs:
        transport = MemoryTransport()
        transport.handle = near
        transport.room = 0  # for copies
        hall.live_reader(transport)
    hall.says(*["x" * 100] * (MUCH // 100))
    line = b"<bob> " + b"x" * 100 + b"\n"
    said = line * (MUCH // 100)
    assert [comes(far, len(said)) for _, far in pairs] == [said] * MANY
