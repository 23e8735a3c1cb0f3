"""The configuration file: what it says is as if it were typed, and what is wrong has its line."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from huddle.server.operation.config_options import LISTS
from huddle.server.options import Options
from huddle.server.start_errors import Refusal

Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file; gives its name."""

    def write(text: str) -> str:
        path = tmp_path / "huddle.toml"
        path.write_text(text, "utf-8", errors="surrogateescape")
        return str(path)

    return write


def options(*typed: str) -> Options:
    read = Options()
    read.parseOptions(["--lang", "en", *typed] if "--lang" not in typed else typed)
    return read


def refused(*typed: str) -> list[str]:
    """The lines of the refusal, without the name of the file."""
    with pytest.raises(Refusal) as refusal:
        options(*typed)
    lines = refusal.value.reason.splitlines()
    return [line.partition("huddle.toml:")[2] or line.strip() for line in lines]


def test_every_option_may_stand_there_under_its_own_name(write: Write, tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("Be kind.")
    (tmp_path / "key").touch(0o600)
    (tmp_path / "key").write_text("ab" * 32)
    values = {"port": "1234", "interface": "10.0.0.5", "history": "x.db", "sync": "normal"}
    values |= {"cluster": "etcd://a/x", "node": "a", "cluster-key": str(tmp_path / "key")}
    values |= {"peer": "tcp:55124:interface=10.0.0.5"}
    values |= {"keep": "30d", "keep-messages": "9", "lang": "es", "motd": str(tmp_path / "motd")}
    values |= {"tz": "Europe/Madrid", "hold": "90", "give-up": "2h", "flood-rate": "2.5"}
    values |= {"web": "8000", "flood-burst": "7", "per-address": "0", "rooms": "3"}
    values |= {"rooms-made": "4", "registrations": "5", "pending": "6", "searches": "8"}
    rows = {name for name, *_ in Options.optParameters} - {"config", "check"}
    assert values.keys() >= rows - {"metrics"}, "a new option: give it a value here"
    lists = {"listen": ["tcp:1", "tcp:2"], "op": ["ana", "bob"], "web-host": ["chat.lan"]}
    lists |= {"proxy-from": ["10.0.0.1"], "auth": ["memory:ana:secret"]}
    assert lists.keys() == set(LISTS)
    typed = [f"--{name}={value}" for name, value in values.items()]
    typed += [f"--{name}={each}" for name, several in lists.items() for each in several]
    written = "".join(f'{name} = "{value}"\n' for name, value in values.items())
    written += "".join(f"{name} = {several!r}\n" for name, several in lists.items())
    read = Options()
    read.parseOptions(["--config", write(f"{written}members-only = true\n")])
    expected = Options()
    expected.parseOptions([*typed, "--members-only"])
    for name in {*values, *lists, "members-only"}:
        assert read[name] == expected[name], name
    assert read.endpoints == expected.endpoints and read.limits == expected.limits


@pytest.mark.parametrize(
    ("text", "port"), [("port = 1234", "1234"), ('"port" = "tcp:1"', "tcp:1"), ("port=0x10", "16")]
)
def test_numbers_and_texts_are_both_taken(write: Write, text: str, port: str) -> None:
    assert options("--config", write(text))["port"] == port


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path, reason in (("nowhere", "there is no such file"), (str(tmp_path), "it is a folder")):
        assert refused("--config", path) == [f"--config {path} will not do: {reason}"]


def test_an_editor_may_have_marked_the_file_as_utf_8(write: Write) -> None:
    assert options("--config", write("\ufeffport = 1234\r\nhold = 90\r\n"))["port"] == "1234"


@pytest.mark.parametrize("worst", ["9" * 5000, "[" * 3000 + "]" * 3000, "{a=" * 3000 + "1"])
def test_what_is_beyond_a_reader_of_toml_is_told_too(write: Write, worst: str) -> None:
    [fault] = refused("--config", write(f"port = {worst}\n"))
    assert fault.startswith(" this is no TOML: ")


def test_the_file_is_read_at_the_start_alone_and_its_paths_are_seen_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from the folder in which it lies; and what is read again at SIGHUP is none of it."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "motd").write_text("Be kind.\n")
    file = tmp_path / "etc" / "huddle.toml"
    file.write_text("motd = 'motd'\nhold = 90\n")
    monkeypatch.chdir(tmp_path)
    made = options("--config", "etc/huddle.toml")
    assert made.motd == ("Be kind.",)
    file.write_text("motd = 'another'\nhold = 91\n")
    (tmp_path / "motd").write_text("Be brief.\n")
    assert made.read_motd_again() == ("Be brief.",)
    assert made.limits.hold == 90


ROWS = sorted({name for name, *_ in Options.optParameters} - {"config"} | set(LISTS))
ODD = ["a\nb", "a\x1b[2Jb", "a\rb", "\x00", "a\x00b", "\x85", "", " ", "x y"]
ESCAPED = {each: "".join(f"\\u{ord(letter):04x}" for letter in each) for each in ODD}


@pytest.mark.parametrize("option", ROWS)
def test_whatever_stands_there_what_is_wrong_with_it_is_one_line(option: str, write: Write) -> None:
    for odd, language in product(ODD, ["en", "es"]):
        value = f'["{ESCAPED[odd]}"]' if option in LISTS else f'"{ESCAPED[odd]}"'
        file = write(f"{option} = {value}\n")
        ways = [[f"--config={file}"]]
        if "\0" not in odd:
            ways.append([f"--{option}={odd}"])
        for typed in ways:
            try:
                options("--lang", language, *typed)
            except Refusal as refusal:
                assert refusal.reason.isprintable(), refusal.reason
            else:
                assert option == "lang" or (option != "interface" and "\0" not in odd), typed


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("option", "odd"), [("interface", ""), ("history", ""), ("motd", "\0")])
def test_an_empty_name_is_not_taken_for_everything(
    option: str, odd: str, language: str, write: Write
) -> None:
    file = write(f'{option} = "{ESCAPED[odd]}"\n')
    with pytest.raises(Refusal) as refusal:
        options("--lang", language, f"--config={file}")
    assert f"huddle.toml:1: {option}" in refusal.value.reason
