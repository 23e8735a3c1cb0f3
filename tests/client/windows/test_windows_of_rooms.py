"""Rooms and people in a terminal: two rooms, a private talk, being sent out, a locked room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.client.windows.conftest import OpenWindow
from tests.client.windows.neighbour import Neighbour
from tests.client.windows.window import Window
from tests.free_ports import free_port
from tests.real.server import Server


@pytest.fixture
def eva(server: Server) -> Iterator[Neighbour]:
    eva = Neighbour(server, "eva")
    yield eva
    eva.close()


def test_two_rooms_at_once(ana: Window, bob: Neighbour) -> None:
    """What is typed goes where one is; what is said elsewhere has its room in front."""
    bob.says("/join kitchen")
    bob.hears("You are in kitchen")
    ana.enters("/join KITCHEN")
    ana.shows("You are in kitchen now. 1 other here: bob.")
    bob.says("/leave", "hola huddle", "/join kitchen", "hola kitchen")
    ana.shows("<bob> hola kitchen")
    ana.shows("2:kitchen · 2 people · online · 1:huddle (1)")
    assert not any("hola huddle" in line for line in ana.lines)
    ana.types("\x1b1")  # Alt-1
    ana.shows("<bob> hola huddle")
    assert not any("hola kitchen" in line for line in ana.lines)
    ana.types("\x1b2")
    ana.shows("<bob> hola kitchen")
    ana.enters("the soup is on")
    assert bob.hears("soup") == "<ana> the soup is on"
    ana.enters("/topic the soup")
    assert "ana set the topic: the soup" in bob.hears("topic")
    ana.enters("/leave")
    ana.shows("You have left kitchen. You are in huddle now.")


def test_a_private_talk(ana: Window, bob: Neighbour, eva: Neighbour) -> None:
    """`/msg` says one thing to somebody; alone, all that follows, until it is left."""
    ana.enters("/msg bob one")
    assert bob.hears("one") == "[ana] one"
    ana.shows("[→ bob] one")
    ana.enters("/msg bob")
    ana.shows("ana → bob>")
    ana.enters("two")
    ana.enters("/me waves")
    assert bob.hears("two") == "[ana] two"
    assert bob.hears("waves") == "[* ana waves]"
    bob.says("/msg ana three")
    ana.shows("[bob] three")
    ana.until(lambda: ana.screen.bells > 0, "a bell")
    ana.enters("/leave")
    ana.enters("to all")
    assert eva.hears("ana") == "<ana> to all"
    ana.enters("/inbox")
    ana.shows("[ana → bob] two")


def test_nobody_is_there_for_a_private_line(ana: Window) -> None:
    ana.enters("/msg nobody psst")
    ana.shows("Nobody is called nobody here.")
    ana.types("\x1b[A")  # by Up it can be said again, or otherwise
    ana.shows("ana> /msg nobody psst")


def test_who_is_sent_out_of_a_room_is_in_the_first_one_again(ana: Window, bob: Neighbour) -> None:
    bob.says("/join den")
    bob.hears("You are in den")
    ana.enters("/join den")
    ana.shows("You are in den now.")
    bob.says("/kick ana too loud", "hola den")
    ana.shows("bob sent you out of den: too loud")
    ana.enters("am I here?")
    ana.shows("<ana> am I here?")
    bob.says("/leave")
    assert bob.hears("am I here?") == "<ana> am I here?"
    bob.says("/join den", "/ban ana 1h", "/leave")
    bob.hears("You are in huddle")
    ana.enters("/join den")
    ana.shows("You are not let into den until")


def test_a_refused_line_stands_in_front_of_no_command(
    window: OpenWindow, server: Server, bob: Neighbour
) -> None:
    """Nothing is put where one types: `/quit` is not said behind it."""
    ana = window("--port", str(server.port), "--nick", "ana")
    ana.shows("online")
    bob.says("/join hall2")
    bob.hears("You are in hall2")
    ana.enters("/join #hall2")
    ana.shows("You are in hall2 now.")
    bob.says("/quiet on")
    ana.shows("made the room quiet")
    ana.enters("c2")
    ana.shows("only those with a voice")
    ana.enters("/quit")
    assert ana.ends() == 0


def test_a_muted_person_gets_their_line_back(ana: Window, bob: Neighbour) -> None:
    bob.says("/join hall")
    bob.hears("You are in hall")
    ana.enters("/join hall")
    ana.shows("You are in hall now.")
    bob.says("/quiet on")
    ana.shows("made the room quiet")
    ana.enters("let me speak")
    ana.shows("   let me speak")
    bob.says("/voice ana")
    ana.shows("gave you a voice")
    ana.types("\x1b[A")  # Up
    ana.shows("ana> let me speak")
    ana.types("\r")
    assert bob.hears("<ana>") == "<ana> let me speak"


def test_the_help_shows_what_one_may_do(server: Server, window: OpenWindow) -> None:
    ana = window("--port", str(server.port), "--nick", "ana", rows=100)
    ana.shows("online")
    ana.enters("/join mine")
    ana.shows("You are in mine now.")
    ana.enters("/help")
    ana.shows("/quit · /salir")
    assert not any("/op NICK" in line for line in ana.lines)


def test_a_line_of_ones_own_is_deleted(ana: Window, bob: Neighbour) -> None:
    ana.enters("a slip of the tongue")
    bob.hears("slip")
    ana.shows("<ana> a slip")
    ana.until(lambda: not ana.faint("<ana> a slip"), "the line to be acknowledged")
    ana.enters("/delete")
    assert "ana deleted a message" in bob.hears("deleted")
    ana.shows("Done.")


def kill(server: Server) -> None:
    server.process.kill()
    server.process.wait()
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_a_locked_room_opens_again_after_the_connection_was_lost(
    window: OpenWindow, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The server holds no seat here; the key that was typed once opens the room again."""
    folder = tmp_path_factory.mktemp("locked")
    options = ("--history", str(folder / "huddle.db"), "--hold", "0")
    port = str(free_port())
    server = Server(folder, *options, port=port)
    try:
        host = Neighbour(server, "host")
        host.says("/join vault", "/key open sesame")
        host.hears("You are in vault")
        ana = window("--port", port, "--nick", "ana", "--lang", "es")
        ana.shows("Hola, ana")
        ana.enters("/entrar vault")
        ana.shows("Llave:")
        ana.enters("open sesame")
        ana.shows("Ahora estás en vault.")
        host.close()
        assert b"sesame" not in ana.written
        kill(server)
        ana.shows("se ha perdido la conexión")
        ana.enters("dicho sin conexión")
        server = Server(folder, *options, port=port)
        ana.until(lambda: not any("…" in line for line in ana.lines), "the line to be said")
        other = Neighbour(server, "other")
        other.says("/join vault open sesame")
        assert other.hears("dicho").endswith("<ana> dicho sin conexión")
        other.close()
        ana.enters("/salir")
        assert ana.ends() == 0
    finally:
        kill(server)


def test_what_comes_elsewhere_is_counted_until_one_goes_there(ana: Window, bob: Neighbour) -> None:
    ana.enters("/join attic")
    ana.shows("You are in attic now.")
    bob.says("one", "two", "/msg ana three")
    ana.shows("1:huddle (2) · 3:@bob (1)")
    ana.enters("/join huddle")
    ana.shows_no_more("huddle (2)")
    ana.enters("/msg b\t")  # by Tab
    ana.shows("What you say is for bob only")
    ana.shows_no_more("@bob (1)")


def test_the_same_in_spanish(server: Server, window: OpenWindow, bob: Neighbour) -> None:
    ana = window("--port", str(server.port), "--nick", "ana", "--lang", "es", "--replay", "0")
    ana.shows("Hola, ana.")
    bob.says("/join sótano")
    bob.hears("You are in sótano")
    ana.enters("/entrar sótano")
    ana.shows("Ahora estás en sótano.")
    ana.enters("/privado bob psst")
    assert bob.hears("psst") == "[ana] psst"
    ana.enters("un desliz")
    bob.hears("desliz")
    ana.shows("<ana> un desliz")
    ana.until(lambda: not ana.faint("<ana> un desliz"), "the line to be acknowledged")
    ana.enters("/borrar")
    assert "ana deleted a message" in bob.hears("deleted")
    bob.says("/kick ana ruido")
    ana.shows("bob te ha echado de sótano: ruido")
    ana.enters("/privado nadie psst")
    ana.shows("Aquí nadie se llama nadie.")
