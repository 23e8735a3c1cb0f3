"""The command line of huddle-client: what it takes, what it makes of it, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from huddle.client.network.host_port import HostPort
from huddle.client.setup.configuration import configuration_file
from huddle.client.setup.options import COMMAND_LINE, read_options
from huddle.locale import translator


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    (tmp_path / ".config" / "huddle").mkdir(parents=True)
    return {"HOME": str(tmp_path)}


def write(home: dict[str, str], text: str) -> None:
    path = configuration_file(home)
    assert path is not None
    path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("arguments", "tail", "follow", "host"),
    [
        (["--tail"], 20, False, "127.0.0.1"),
        (["--tail", "5"], 5, False, "127.0.0.1"),
        (["--tail=5", "chat.lan"], 5, False, "chat.lan"),
        (["--tail", "chat.lan"], 20, False, "chat.lan"),
        (["--tail", "--follow"], 20, True, "127.0.0.1"),
        (["--follow"], 20, True, "127.0.0.1"),
        (["--", "--tail"], None, False, "--tail"),
    ],
)
def test_the_count_of_a_tail_may_be_left_out(
    arguments: list[str], tail: int | None, follow: bool, host: str
) -> None:
    options = read_options(arguments, {})
    assert (options.tail, options.follow, options.places[0].host) == (tail, follow, host)


def test_help_needs_no_configuration_and_names_every_option(home: dict[str, str]) -> None:
    write(home, "port = ")
    assert read_options(["--help", "--lang", "es"], home).help
    for language in ("en", "es"):
        text = "\n".join(COMMAND_LINE.help_lines(translator(language)))
        assert all(f"--{name}" in text for name in COMMAND_LINE.names)


@pytest.mark.parametrize(
    ("words", "host", "port"),
    [
        (["chat.lan:6000"], "chat.lan", 6000),
        (["10.0.0.7:6000"], "10.0.0.7", 6000),
        (["[::1]:6000"], "::1", 6000),
        (["[::1]"], "::1", 55123),
        (["::1"], "::1", 55123),
        (["fe80::1%eth0"], "fe80::1%eth0", 55123),
        (["chat.lan"], "chat.lan", 55123),
        (["chat.lan:7", "--port", "7"], "chat.lan", 7),
        ([], "127.0.0.1", 55123),
    ],
)
def test_a_host_may_have_its_port_behind_it(words: list[str], host: str, port: int) -> None:
    options = read_options(words, {})
    assert options.places == (HostPort(host, port),)


def test_a_port_behind_a_host_goes_as_far_as_the_host_does(home: dict[str, str]) -> None:
    write(home, 'host = "chat.lan:6000"\n')
    options = read_options([], home)
    assert options.places == (HostPort("chat.lan", 6000),)
    options = read_options(["--port", "7000"], home)
    assert options.places == (HostPort("chat.lan", 7000),)
    options = read_options(["other.lan:8000"], home | {"HUDDLE_PORT": "9000"})
    assert options.places == (HostPort("other.lan", 8000),)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (["a:1", "b:2"], [("a", 1), ("b", 2)]),
        (["a", "b:2", "[::1]"], [("a", 55123), ("b", 2), ("::1", 55123)]),
        (["a", "b", "--port", "7"], [("a", 7), ("b", 7)]),
        (["a:7", "b", "--port", "7"], [("a", 7), ("b", 7)]),
        (["#ops", "b", "a", "#kitchen"], [("b", 55123), ("a", 55123)]),
        (["a", "a:55123", "b"], [("a", 55123), ("b", 55123)]),
    ],
)
def test_a_server_may_have_several_addresses(
    words: list[str], places: list[tuple[str, int]]
) -> None:
    assert list(read_options(words, {}).places) == places


def test_several_addresses_may_be_the_usual_ones(home: dict[str, str]) -> None:
    write(home, 'host = "a.lan:1 b.lan"\nport = 2\n')
    assert read_options([], home).places == (("a.lan", 1), ("b.lan", 1))
    there = home | {"HUDDLE_HOST": "c.lan d.lan:4"}
    assert read_options([], there).places == (("c.lan", 4), ("d.lan", 4))
    assert read_options(["e.lan"], there).places == (("e.lan", 4),)
    assert read_options(["--port", "9"], there).places == (("c.lan", 9), ("d.lan", 9))


def test_rooms_stand_on_the_command_line_as_they_are_shown() -> None:
    options = read_options(["#ops", "chat.lan:6000", "#kitchen"], {})
    assert options.places[0].host == "chat.lan"
    assert (options.room, options.more_rooms) == ("ops", ("kitchen",))
    options = read_options(["--room", "#den", "#ops"], {})
    assert options.places[0].host == "127.0.0.1"
    assert (options.room, options.more_rooms) == ("den", ("ops",))


def test_a_room_that_is_named_twice_is_one(home: dict[str, str]) -> None:
    options = read_options(["--send", "hola", "--room", "ops", "--room", "ops", "#ops"], home)
    assert (options.room, options.more_rooms) == ("ops", ())


def test_what_is_sent_begins_with_something_to_see(home: dict[str, str]) -> None:
    sent = ["--send", "", "--send", " \n", "--send", "  one\n\ntwo", "--send", "", "--send", "3"]
    assert read_options(sent, home).send == "  one\n\ntwo\n\n3"
