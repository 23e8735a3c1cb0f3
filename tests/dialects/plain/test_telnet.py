"""Telnet's own bytes are taken out of what a peer sends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huddle.dialects.plain.telnet import TelnetFilter

IAC, IP, SB, SE = b"\xff", b"\xf4", b"\xfa", b"\xf0"
WILL, DO, DONT, NOP, BREAK = b"\xfb", b"\xfd", b"\xfe", b"\xf1", b"\xf3"
TIMING_MARK = b"\x06"


def through(*reads: bytes) -> bytes:
    """What comes out of a peer's reads, nobody interrupting."""
    telnet = TelnetFilter()
    out = b""
    for read in reads:
        data, interrupted = telnet.feed(read)
        assert not interrupted
        out += data
    return out


# What nc sends


def test_plain_text_goes_through_as_it_is() -> None:
    data = "¿qué tal?\nbien\r\n".encode()
    assert through(data) is data


def test_a_latin1_letter_is_no_command() -> None:
    assert through("Louÿs\nl'Haÿ\n".encode("latin-1")) == "Louÿs\nl'Haÿ\n".encode("latin-1")


@pytest.mark.parametrize("end", [b"\xff\n", b"\xff\xfe\n", b"\xff\xfa\n"])
def test_no_latin1_letter_swallows_the_end_of_its_line(end: bytes) -> None:
    assert through(b"a", end, b"b\n").splitlines()[1:] == [b"b"]


# Commands


def test_functions_and_negotiation_are_taken_out() -> None:
    data = IAC + WILL + b"\x18ho" + IAC + NOP + b"la" + IAC + DO + b"\x1f\r\n"
    assert through(data) == b"hola\r\n"


def test_a_doubled_iac_is_one_of_the_text() -> None:
    assert through(b"Lou" + IAC + IAC + b"s\r\n") == b"Lou\xffs\r\n"
    assert through(IAC * 7, IAC) == IAC * 4


def test_what_follows_a_doubled_iac_is_no_command() -> None:
    assert through(IAC + IAC + IP) == IAC + IP


def test_an_options_own_data_are_taken_out() -> None:
    terminal = IAC + SB + b"\x18\0xterm" + IAC + IAC + b"!" + IAC + SE
    assert through(b"a" + terminal + b"b\n") == b"ab\n"


def test_a_line_end_ends_an_options_data() -> None:
    assert through(IAC + SB + b"\x18\0xterm\nhola\n") == b"\nhola\n"
    assert through(IAC + SB + b"\x18" + IAC, b"\nhola\n") == b"\nhola\n"


def test_an_options_data_without_an_end_swallow_a_kilobyte_at_most() -> None:
    assert through(IAC + SB + b"x" * 1100 + b"hola\n") == b"x" * 76 + b"hola\n"
    assert through(IAC + SB, *[b"x"] * 1100, b"hola\n") == b"x" * 76 + b"hola\n"


# ^C and the other keys of telnet


def test_an_interrupt_ends_what_the_peer_has_to_say() -> None:
    telnet = TelnetFilter()
    # What inetutils' telnet sends on ^C: IAC IP, IAC DO TIMING-MARK.
    assert telnet.feed(b"hola\r\nad" + IAC + IP + IAC + DO + TIMING_MARK) == (b"hola\r\nad", True)


def test_an_interrupt_may_come_in_two_reads() -> None:
    telnet = TelnetFilter()
    assert telnet.feed(b"hola" + IAC) == (b"hola", False)
    assert telnet.feed(IP) == (b"", True)


def test_what_only_looks_like_an_interrupt_is_none() -> None:
    through(IAC + SB + b"\x18" + IAC + IP + IAC + SE)
    through(IAC + WILL, IAC, IP)


@pytest.mark.parametrize("function", [*range(0xEC, 0xF4), *range(0xF5, 0xFA)], ids=hex)
def test_no_other_function_leaves(function: int) -> None:
    assert through(IAC + bytes([function]) + b"hola\n") == b"hola\n"


@pytest.mark.parametrize("at", range(6))
def test_the_timing_mark_behind_a_key_is_answered_once(at: int) -> None:
    keys = IAC + BREAK + IAC + DO + TIMING_MARK
    telnet = TelnetFilter()
    for read in (keys[:at], keys[at:]):
        assert telnet.feed(read) == (b"", False)
    assert telnet.answer() == IAC + WILL + TIMING_MARK
    assert telnet.answer() == b""


def test_nothing_else_is_answered() -> None:
    telnet = TelnetFilter()
    telnet.feed(IAC + DO + b"\x01" + IAC + WILL + b"\x03" + IAC + BREAK + IAC + NOP)
    assert telnet.answer() == b""


# Line ends


def test_cr_nul_ends_a_line() -> None:
    assert through(b"hola\r\0") == b"hola\n"
    assert through(b"hola\r", b"\0") == b"hola\n"


def test_cr_lf_is_left_to_whoever_splits_lines() -> None:
    assert through(b"hola\r", b"\n") == b"hola\r\n"


def test_a_cr_that_ends_nothing_stays() -> None:
    assert through(b"50%\r", b"51%\r52%\n") == b"50%\r51%\r52%\n"


def test_a_nul_without_a_cr_stays() -> None:
    assert through(b"a\0b\n") == b"a\0b\n"


# The end of input


@pytest.mark.parametrize("end", [b"\r", b"\xff", b"\r\xff", b"\xff\xff", b"."])
def test_at_the_end_of_input_nothing_that_was_kept_back_is_lost(end: bytes) -> None:
    telnet = TelnetFilter()
    out, _ = telnet.feed(b"hola" + end)
    assert out + telnet.owed() == b"hola" + end.replace(b"\xff\xff", b"\xff")


def test_half_a_command_is_lost_at_the_end_of_input() -> None:
    telnet = TelnetFilter()
    assert telnet.feed(b"hola" + IAC + DO) == (b"hola", False)
    assert telnet.owed() == b""


# The whole, byte by byte


def reference(data: bytes) -> tuple[bytes, bool]:
    """The same, one byte at a time and without looking ahead, for data that ends no command."""
    out = bytearray()
    state = "text"
    steps = 0
    for byte in data:
        if state == "text":
            if byte == 0xFF:
                state = "iac"
            else:
                out.append(byte)
        elif state == "iac":
            state = "text"
            if byte == 0xF4:
                return bytes(out), True
            if byte == 0xFF:
                out.append(byte)
            elif byte == 0xFA:
                state, steps = "data", 0
            elif 0xFB <= byte <= 0xFE:
                state = "option"
            elif byte < 0xEC:
                out += bytes((0xFF, byte))
        elif state == "option":
            state = "text"
            if byte == 0x0A:
                out.append(byte)
        elif byte == 0x0A:
            state = "text"
            out.append(byte)
        elif state == "data":
            if steps == 1024 and byte != 0xFF:
                state = "text"
                out.append(byte)
            elif byte == 0xFF:
                state = "iac in data"
            else:
                steps += 1
        else:  # IAC in data
            state = "text" if byte == 0xF0 else "data"
            steps += 1
    return bytes(out), False


BEGINNINGS = [IAC, IAC + WILL, IAC + DONT, IAC + SB]
COMMANDS = [IAC + IAC, IAC + SE, IAC + NOP, IAC + BREAK, IAC + DO + TIMING_MARK, IAC + IP]
PLAIN = [b"\n", b"\r", b"\0", b"\r\0", b"\r\n", b"hola", TIMING_MARK]
PIECES = st.sampled_from([*BEGINNINGS, *COMMANDS, *PLAIN]) | st.binary(max_size=3)
STREAMS = st.lists(PIECES, max_size=40).map(b"".join)


@given(STREAMS)
def test_the_filter_does_what_telnet_says(data: bytes) -> None:
    data += b"..\n"  # ends whatever was begun
    out, interrupted = reference(data)
    expected = out.replace(b"\r\0", b"\n").removesuffix(b"\r")
    assert TelnetFilter().feed(data) == (expected, interrupted)


@given(STREAMS, st.lists(st.integers(0, 150)))
@example(IAC + SE + IAC + WILL, [4])
def test_where_the_reads_are_cut_makes_no_difference(data: bytes, cuts: list[int]) -> None:
    data += b"..\n"
    whole, was_interrupted = TelnetFilter().feed(data)
    telnet = TelnetFilter()
    out = b""
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in pairwise(places):
        part, interrupted = telnet.feed(data[start:end])
        out += part
        if interrupted:
            break
    assert (out, interrupted) == (whole, was_interrupted)
