"""What need not be typed each time, and what goes before what."""

from __future__ import annotations

from pathlib import Path

import pytest

from huddle.client.network.host_port import HostPort
from huddle.client.network.tls_options import Tls
from huddle.client.setup.configuration import configuration_file
from huddle.client.setup.options import Notify, read_options
from huddle.locale.command_line import Misuse


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    (tmp_path / ".config" / "huddle").mkdir(parents=True)
    return {"HOME": str(tmp_path)}


def write(home: dict[str, str], text: str) -> None:
    path = configuration_file(home)
    assert path is not None
    path.write_text(text, "utf-8")


def test_the_file_is_where_people_expect_it() -> None:
    assert configuration_file({"HOME": "/home/ana"}) == Path("/home/ana/.config/huddle/client.toml")
    assert configuration_file({"HOME": "/home/ana", "XDG_CONFIG_HOME": "/etc/x"}) == Path(
        "/etc/x/huddle/client.toml"
    )
    relative = {"HOME": "/home/ana", "XDG_CONFIG_HOME": "x"}
    assert configuration_file(relative) == configuration_file({"HOME": "/home/ana"})
    assert configuration_file({}) is None


def test_the_file_then_the_environment_then_the_command_line(home: dict[str, str]) -> None:
    write(home, 'host = "chat.lan"\nport = 1\nnick = "ana"\nnotify = "all"\nlang = "es"\n')
    options = read_options([], home)
    assert (*options.places, options.nick) == (HostPort("chat.lan", 1), "ana")
    assert (options.notify, options.language) == (Notify.ALL, "es")
    there = home | {"HUDDLE_HOST": "other.lan", "HUDDLE_PORT": "2", "HUDDLE_NICK": "eva"}
    options = read_options([], there)
    assert (*options.places, options.nick) == (HostPort("other.lan", 2), "eva")
    options = read_options(["third.lan", "--port", "3", "--nick", "zoe"], there)
    assert (*options.places, options.nick) == (HostPort("third.lan", 3), "zoe")


def test_the_file_may_ask_for_tls_and_the_command_line_for_another_check(
    home: dict[str, str],
) -> None:
    write(home, 'tls = true\nca = "ours.pem"\n')
    assert read_options([], home).tls == Tls(ca="ours.pem")
    assert read_options(["--ca", "theirs.pem"], home).tls == Tls(ca="theirs.pem")
    assert read_options(["--trust", "ab" * 32], home).tls == Tls(trust=":".join(["AB"] * 32))
    assert read_options(["--insecure"], home).tls == Tls(insecure=True)
    write(home, 'tls = false\nca = "ours.pem"\n')
    assert read_options([], home).tls is None
    assert read_options(["--tls"], home).tls == Tls(ca="ours.pem")


def test_what_is_empty_in_the_environment_is_not_there(home: dict[str, str]) -> None:
    assert read_options([], home | {"HUDDLE_NICK": ""}).nick is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('colour = "red"', "there is no setting colour"),
        ('port = "55123"', "port cannot be 55123"),
        ("port = true", "port cannot be True"),
        ('tls = "yes"', "tls cannot be yes"),
        ("port = ", "client.toml"),
        ('notify = "loud"', "--notify takes: off, mention, all"),
        ("port = 0", "0 is not a number"),
    ],
)
def test_a_wrong_file_is_told_of(home: dict[str, str], text: str, reason: str) -> None:
    write(home, text)
    with pytest.raises(Misuse, match=reason):
        read_options([], home)


def test_a_file_that_may_not_be_read_is_told_of(home: dict[str, str]) -> None:
    path = configuration_file(home)
    assert path is not None
    path.mkdir()
    with pytest.raises(Misuse, match="directory"):
        read_options([], home)
