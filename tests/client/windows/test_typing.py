"""What the keys do: editing, completing, pasting, leaving."""

from __future__ import annotations

import signal

from tests.client.windows.conftest import OpenWindow
from tests.client.windows.neighbour import Neighbour
from tests.client.windows.window import Window
from tests.real.server import Server


def test_tab_completes_nicks_commands_and_rooms(ana: Window, bob: Neighbour) -> None:
    ana.shows("bob")
    ana.types("bo\t")
    ana.shows("ana> bob:")
    ana.types("\x03/hi\t")
    ana.shows("ana> /history")
    ana.types("\x03/join hu\t")
    ana.shows("ana> /join huddle")


def test_tab_goes_round_and_shows_what_there_is(
    ana: Window, bob: Neighbour, server: Server
) -> None:
    boris = Neighbour(server, "boris")
    ana.shows("boris joined")
    ana.types("bo\t")
    ana.shows("ana> boris:")
    assert ana.lines[-3] == "boris  bob"
    ana.types("\t")
    ana.shows("ana> bob:")
    ana.types("\t")
    ana.until(lambda: ana.lines[-1] == "ana> bo", "what was typed")
    ana.types("\x1b[Z")
    ana.shows("ana> bob:")
    ana.types("hi")
    ana.shows_no_more("boris  bob")
    boris.close()
    ana.shows("boris left")


def test_a_paste_is_looked_at_and_sent_as_one(ana: Window, bob: Neighbour) -> None:
    log = [f"{n}: /quit is but a word in this log" for n in range(11)] + ["/quit"]
    ana.pastes("\n".join(log) + "\n")
    ana.shows("12 lines; Enter sends, Esc drops")
    ana.shows("│ 0: /quit")
    ana.types("not heard")
    ana.types("\r")
    assert bob.hears("0: /quit") == f"<ana> {log[0]}"
    assert bob.hears_next(11) == [f"<ana> {line}" for line in log[1:]]
    ana.shows_no_more("Enter sends")
    assert ana.lines[-1] == "ana>"


def test_a_paste_keeps_its_blank_lines_and_its_indentation(ana: Window, bob: Neighbour) -> None:
    code = ["def f(x):", "", "\tif x:", "\t\treturn", "", "f(1)"]
    ana.pastes("\n".join(code) + "\n")
    ana.shows("6 lines; Enter sends, Esc drops")
    ana.types("\r")
    assert bob.hears("def") == f"<ana> {code[0]}"
    assert bob.hears_next(5) == [f"<ana> {line}" for line in code[1:]]
    ana.until(
        lambda: sum("<ana>" in line for line in ana.lines) == 1 and "      │ f(1)" in ana.lines,
        "the block under one head",
    )


def test_a_dropped_paste_leaves_what_was_typed(ana: Window) -> None:
    ana.types("half a ")
    ana.pastes("one\ntwo")
    ana.shows("2 lines; Enter sends, Esc drops")
    ana.shows("│ half a one")
    ana.types("\x1b")
    ana.shows_no_more("Enter sends")
    assert ana.lines[-1] == "ana> half a"


def test_a_pasted_line_waits_in_the_prompt(ana: Window, bob: Neighbour) -> None:
    ana.pastes("one line\n")
    ana.shows("ana> one line")
    ana.types(" more\r")
    assert bob.hears("one line") == "<ana> one line more"


def test_what_was_typed_in_an_earlier_run_is_there_again(
    ana: Window, server: Server, window: OpenWindow
) -> None:
    ana.enters("remember me")
    ana.shows("<ana> remember me")
    ana.enters("/quit")
    assert ana.ends() == 0
    again = window("--port", str(server.port), "--nick", "ana")
    again.shows("online")
    again.types("\x1b[A\x1b[A")
    again.shows("ana> remember me")


def test_the_ways_out(server: Server, window: OpenWindow) -> None:
    for key in ("/salir\r", "salir\r", "\x03", "\x04"):
        eva = window("--port", str(server.port), "--nick", "eva")
        eva.shows("online")
        eva.types(key)
        assert eva.ends() == 0
        assert "online" not in "".join(eva.lines)  # the rows at the bottom are gone


def test_who_has_no_nick_is_asked_and_asked_again(server: Server, window: OpenWindow) -> None:
    taken = Neighbour(server, "eva")
    newcomer = window("--port", str(server.port))
    newcomer.shows("What is your nick?")
    newcomer.enters("eva")
    newcomer.shows("(Enter: ")
    newcomer.enters("Eva.Luna")
    newcomer.shows("Hello Eva.Luna.")
    newcomer.shows("Eva.Luna>")
    taken.close()


def test_it_speaks_spanish(server: Server, window: OpenWindow) -> None:
    eva = window("--port", str(server.port), "--nick", "eva", LANG="es_ES.UTF-8")
    eva.shows("en línea")
    eva.pastes("uno\ndos")
    eva.shows("2 líneas; Intro envía, Esc descarta")


def test_while_it_is_suspended_the_terminal_is_the_shells(
    server: Server, window: OpenWindow
) -> None:
    shell = ("sh", "-c", 'set -m; "$@"; printf "in the %s" shell; fg >/dev/null', "sh")
    eva = window("--port", str(server.port), "--nick", "eva", under=shell)
    eva.shows("online")
    eva.types("half a line\x1a")
    eva.until(lambda: b"in the shell" in eva.written, "shell")
    before = eva.written.partition(b"in the shell")[0]
    for mode in (b"\x1b[?1004", b"\x1b[?2004"):
        assert before.rindex(mode + b"l") > before.rindex(mode + b"h")
    eva.until(lambda: eva.mode(1004) and eva.mode(2004), "modes of its own")
    eva.shows("eva> half a line")
    eva.types("\x03\x03")
    assert eva.ends() == 0


def test_the_end_of_the_terminal_is_the_end(server: Server, window: OpenWindow) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        eva = window("--port", str(server.port), "--nick", "eva")
        eva.shows("online")
        eva.process.send_signal(number)
        assert eva.ends() == 0
        assert not eva.mode(1004) and not eva.mode(2004)


def test_a_closed_window_leaves_in_good_order(
    server: Server, window: OpenWindow, bob: Neighbour
) -> None:
    eva = window("--port", str(server.port), "--nick", "eva")
    eva.shows("online")
    bob.hears("eva joined")
    assert eva.hangs_up() == 0
    assert bob.hears("eva") == "-- eva left"
