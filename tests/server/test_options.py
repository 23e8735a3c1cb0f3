"""The options: what they become, and in which words a wrong one is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from twisted.cred.checkers import FilePasswordDB, ICredentialsChecker
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.error import UnauthorizedLogin
from twisted.cred.strcred import ICheckerFactory
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, fail
from zope.interface import implementer

from huddle.locale.time_words import SIZES
from huddle.protocol.limits import Limits
from huddle.server.checker_nicks import nicks_known_to
from huddle.server.options import MOTD_LINES, Options
from huddle.server.start_errors import Refusal

NO_SUCH_CHECK = "there is no such check of passwords; see --help-auth"


PAIRS = "argstring must be in format U:P:..."  # in the plug-in's words


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests are read in English, whoever runs them."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")


PORT = "it is a port, such as 8000, or an endpoint, such as tcp:8000:interface=127.0.0.1"
UNIT = "it wants a unit, such as 30d (days), 12h (hours) or 5m (minutes)"


def options(*typed: str) -> Options:
    parsed = Options()
    parsed.parseOptions(list(typed))
    return parsed


def refusal(*typed: str) -> str:
    with pytest.raises(Refusal) as refused:
        options(*typed)
    return str(refused.value)


@pytest.mark.parametrize("option", ["keep", "hold", "give-up"])
def test_every_unit_is_understood_in_every_option(option: str) -> None:
    for written, size in SIZES.items():
        typed = options(f"--{option}", f"2{written}")
        hold, give_up, keep = typed.limits.hold, typed.limits.give_up, (typed.keep_ms or 0) / 1000
        seconds = {"keep": keep, "hold": hold, "give-up": give_up}
        assert seconds[option] == 2 * size, written


@pytest.mark.parametrize("option", ["keep", "hold", "give-up"])
def test_words_are_understood_in_every_option_or_refused(option: str) -> None:
    for words in ("1 hora y media", "hora y media", "an hour and a half", "1,5 h", "90 minutos"):
        typed = options(f"--{option}", words)
        hold, give_up, keep = typed.limits.hold, typed.limits.give_up, (typed.keep_ms or 0) / 1000
        assert {"keep": keep, "hold": hold, "give-up": give_up}[option] == 5400
    for words in ("a month", "1 hora y pico", "about an hour", "unas horas", "a second offence"):
        assert "such as" in refusal(f"--{option}", words)


def test_without_any_it_listens_on_this_machine_and_keeps_what_is_said() -> None:
    plain = options()
    assert plain.endpoints == ["tcp:55123:interface=127.0.0.1:backlog=1024"]
    assert plain.limits == Limits()
    assert (plain.history, plain.sync, plain["lang"]) == ("huddle.db", "full", "en")
    assert (plain.zone, plain.motd) == (None, ())
    assert (plain.keep_ms, plain.keep_messages) == (None, None)
    assert (plain.operators, plain.members_only, plain.checkers) == ([], False, [])


def test_all_of_them_at_once() -> None:
    typed = options(
        *("--port", "8080", "--interface", "::1", "--listen", "unix:/run/huddle"),
        *("--history", "none", "--sync", "normal", "--keep", "30d", "--keep-messages", "1000"),
        *("--lang", "es", "--hold", "5m", "--give-up", "90s", "--tz", "America/Lima"),
        *("--flood-rate", "0", "--flood-burst", "5", "--per-address", "0"),
        *("--rooms", "9", "--pending", "8", "--searches", "0"),
        *("--rooms-made", "0", "--registrations", "40"),
        *("--op", "Ana", "--op", "ｂｏｂ", "--members-only"),
    )
    assert typed.endpoints == [r"tcp:8080:interface=\:\:1:backlog=1024", "unix:/run/huddle"]
    assert (typed.history, typed.sync) == (None, "normal")
    assert (typed.keep_ms, typed.keep_messages) == (30 * 86_400_000, 1000)
    assert typed.zone == ZoneInfo("America/Lima")
    assert typed.limits == Limits(
        hold=300,
        give_up=90,
        flood_rate=0,
        flood_burst=5,
        per_address=0,
        rooms=9,
        pending=8,
        searches=0,
        rooms_made=0,
        registrations=40,
    )
    assert (typed.operators, typed.members_only) == (["Ana", "bob"], True)
    assert typed["lang"] == "es"


def test_a_port_may_be_an_endpoint_and_more_may_be_listened_on() -> None:
    typed = options("-p", "ssl:443", "--listen", "tcp:1", "--listen", "tcp:1")
    assert typed.endpoints == ["ssl:443", "tcp:1", "tcp:1"]


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("0", 0), ("1.5", 1.5), ("90s", 90), ("2M", 120), ("1h", 3600), ("2d", 172_800)],
)
def test_a_duration_is_a_number_and_perhaps_a_unit(typed: str, seconds: float) -> None:
    assert options("--hold", typed).limits.hold == seconds


@pytest.mark.parametrize("typed", ["es", "ES", "es_MX.UTF-8"])
def test_a_language_may_be_given_as_locales_have_it(typed: str) -> None:
    assert options("--lang", typed)["lang"] == "es"


def test_the_language_is_else_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    assert options()["lang"] == "es"
    assert options("--lang", "en")["lang"] == "en"


def test_the_message_of_the_day_is_read_cleaned_and_bounded(tmp_path: Path) -> None:
    file = tmp_path / "motd"
    file.write_bytes(b"\xef\xbb\xbfHola\r\n\x1b[2Jcaf\xe9\n\n" + b"more\n" * 100)
    motd = options("--motd", str(file)).motd
    assert motd[:4] == ("Hola", "�[2Jcafé", "", "more")
    assert len(motd) == MOTD_LINES


def test_of_an_endless_file_only_the_beginning_is_read() -> None:
    [motd] = options("--motd", "/dev/zero").motd
    assert set(motd) == {"�"}


def test_a_message_of_the_day_that_came_through_a_pipe_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "motd"
    file.write_text("Be kind.")
    given = options("--motd", str(file))
    file.unlink()
    os.mkfifo(file)
    assert given.read_motd_again() == ("Be kind.",)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("--nope", "there is no option --nope; see twistd huddle --help"),
        (
            "--proxy-from proxy.lan",
            "--proxy-from proxy.lan will not do: it is an address, a network or unix",
        ),
        ("--x", "there is no option --x; see twistd huddle --help"),
        ("-z", "there is no option -z; see twistd huddle --help"),
        ("--port", "--port wants a value"),
        ("-p", "--port wants a value"),
        ("--listen", "--listen wants a value"),
        ("--help=3", "--help takes no value"),
        ("more", "more is no option"),
        ("--port x", "--port x will not do: " + PORT),
        ("--port 65536", "--port 65536 will not do: a port is at most 65535"),
        ("--port -1", "--port -1 will not do: " + PORT),
        ("--hold -1", "--hold -1 will not do: it is a duration, such as 90s, 5m, 1h or 30d"),
        ("--hold d", "--hold d will not do: it is a duration, such as 90s, 5m, 1h or 30d"),
        ("--give-up 0", "--give-up 0 will not do: it is a duration, such as 90s, 5m, 1h or 30d"),
        *(
            (f"--keep {typed}", f"--keep {typed} will not do: " + UNIT)
            for typed in ("30", "0", "1.5", "3600")
        ),
        ("--keep inf", "--keep inf will not do: it is a duration, such as 90s, 5m, 1h or 30d"),
        ("--keep-messages 0", "--keep-messages 0 will not do: it is at least 1"),
        ("--flood-rate nan", "--flood-rate nan will not do: it is at least 0"),
        ("--flood-rate many", "--flood-rate many will not do: it is a number"),
        ("--flood-burst 0", "--flood-burst 0 will not do: it is at least 1"),
        ("--per-address 1.5", "--per-address 1.5 will not do: it is a number"),
        ("--rooms 0", "--rooms 0 will not do: it is at least 1"),
        ("--pending 0", "--pending 0 will not do: it is at least 1"),
        ("--searches -1", "--searches -1 will not do: it is at least 0"),
        ("--op a,b", "--op a,b will not do: it is no nick"),
        ("--members-only=1", "--members-only takes no value"),
        ("--auth", "--auth wants a value"),
        ("--auth passwd", "--auth passwd will not do: " + NO_SUCH_CHECK),
        ("--auth file:nowhere", "--auth file:nowhere will not do: there is no such file"),
        ("--auth file:/", "--auth file:/ will not do: it is a folder"),
        ("--auth file", "--auth file will not do: there is no such file"),
        ("--auth ana:secret", "--auth ana will not do: " + NO_SUCH_CHECK),
        ("--auth memory:a:secret:b", "--auth memory will not do: " + PAIRS),
        ("--auth anonymous", "--auth anonymous will not do: it checks no passwords"),
        ("--help-auth-type x", "--help-auth-type x will not do: " + NO_SUCH_CHECK),
        ("--sync maybe", "--sync maybe will not do: it is full or normal"),
        ("--lang fr", "--lang fr will not do: it is one of: en, es"),
        ("--tz Nowhere", "--tz Nowhere will not do: there is no such time zone"),
        ("--tz ../../etc/passwd", "--tz ../../etc/passwd will not do: there is no such time zone"),
        ("--motd nowhere", "--motd nowhere will not do: there is no such file"),
        ("--motd /", "--motd / will not do: it is a folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(typed: str, line: str) -> None:
    assert refusal(*typed.split()) == f"huddle: {line}"


@pytest.mark.parametrize("typed", ["--lang es --tz X", "--tz X --lang=es", "--nope --lang es"])
def test_it_is_said_in_the_language_that_was_asked_for_wherever_that_stands(typed: str) -> None:
    line = refusal(*typed.split())
    assert re.match("huddle: (--tz X no sirve: no existe|no hay ninguna opción --nope)", line)


def test_it_is_said_in_the_language_of_the_environment_if_none_of_ours_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    assert refusal("--lang", "fr") == "huddle: --lang fr no sirve: es uno de estos: en, es"


# Who else knows passwords


@implementer(ICheckerFactory, ICredentialsChecker)
class Elsewhere:
    """A plug-in that asks another machine."""

    authType = "elsewhere"  # noqa: N815
    authHelp = argStringFormat = ""  # noqa: N815
    credentialInterfaces = (IUsernamePassword,)

    def generateChecker(self, argstring: str) -> Elsewhere:  # noqa: N802
        return self

    def requestAvatarId(self, credentials: object) -> Deferred[bytes | tuple[()]]:
        return fail(UnauthorizedLogin())


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    """It is installed here."""
    factory = Elsewhere()
    monkeypatch.setattr("twisted.cred.strcred.findCheckerFactories", lambda: [factory])
    return factory


def test_there_may_be_several_checks_of_passwords_and_their_order_is_kept(tmp_path: Path) -> None:
    (tmp_path / "passwd").write_text("ana:secret\n")
    checkers = options("--auth", f"file:{tmp_path}/passwd", "--auth", "memory:bob:secret").checkers
    assert [nicks_known_to(checker).nicks for checker in checkers] == [["ana"], ["bob"]]


def test_the_file_is_the_one_in_the_folder_of_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "passwd").write_text("ana:secret\n")
    monkeypatch.chdir(tmp_path)
    [checker] = options("--auth", "file:passwd").checkers
    monkeypatch.chdir("/")
    assert nicks_known_to(checker).nicks == ["ana"]


def test_a_check_whose_nicks_nobody_knows_is_for_members_only(elsewhere: Elsewhere) -> None:
    assert refusal("--auth", "elsewhere:host") == (
        "huddle: --auth elsewhere will not do: "
        "the nicks it knows cannot be told beforehand; add --members-only"
    )
    for typed in ("--auth elsewhere --members-only", "--members-only --auth elsewhere"):
        [checker] = options(*typed.split()).checkers
        assert checker is elsewhere


def test_a_check_that_cannot_be_asked_for_its_nicks_now_is_refused(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "generateChecker", lambda _: FilePasswordDB("/nowhere"))
    for typed in ("--auth elsewhere", "--auth elsewhere --members-only"):
        assert refusal(*typed.split()) == (
            "huddle: --auth elsewhere will not do: there is no such file"
        )


def test_no_password_of_a_command_line_is_repeated() -> None:
    assert "secret" not in refusal("--auth", "secrets:ana:secret").replace("secrets", "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("--help-auth", ("Usage: --auth AuthType[:ArgString]", "  file", "  memory", "  unix")),
        ("--help-auth-type file", ("--auth file[:ArgString]", "'username:password'")),
    ],
)
def test_what_auth_may_be_is_told(
    typed: str, words: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        options(*typed.split())
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert [word for word in words if word not in told] == []
    assert "anonymous" not in told


# The version


def test_the_version_is_huddles_and_twisteds(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options("--version")
    assert not ended.value.code
    assert re.fullmatch(r"huddle \S+, Twisted \S+\n", capsys.readouterr().out)


def test_a_checkout_that_is_not_installed_has_no_version(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr("importlib.metadata.version", version)
    with pytest.raises(SystemExit):
        options("--version")
    assert capsys.readouterr().out.startswith("huddle (not installed), Twisted ")


def test_browsers_have_a_port_or_an_endpoint_and_names() -> None:
    assert (options().web, options().web_hosts) == (None, [])
    typed = options("--web", "8000", "--interface", "::1", "--web-host", "a.b", "--web-host", "c")
    assert typed.web == r"tcp:8000:interface=\:\:1:backlog=1024"
    assert typed.web_hosts == ["a.b", "c"]
    assert options("--web", "ssl:443").web == "ssl:443"


@pytest.mark.parametrize("name", ["", "a b", "http://a", "a:80", "a/b"])
def test_a_name_for_browsers_is_no_address_of_a_page(name: str) -> None:
    assert refusal("--web-host", name).endswith("it is a name, such as chat.example.org")


def test_a_name_for_browsers_without_a_port_for_them_is_a_mistake() -> None:
    assert refusal("--web-host", "a.b") == "huddle: --web-host goes with --web: give both"
    spanish = refusal("--web-host", "a.b", "--lang", "es")
    assert spanish == "huddle: --web-host va con --web: da las dos"


@pytest.mark.parametrize("option", ["port", "web", "metrics"])
@pytest.mark.parametrize("typed", ["abc", "", "-1", "1.5", "8000x", "0x50", "tcp", "8000,8001"])
def test_what_is_no_port_is_refused_with_how_one_is_written(option: str, typed: str) -> None:
    assert refusal(f"--{option}={typed}") == f"huddle: --{option} {typed} will not do: {PORT}"
    spanish = refusal(f"--{option}={typed}", "--lang", "es")
    assert spanish.endswith("es un puerto, como 8000, o un endpoint, como " + PORT.split()[-1])


@pytest.mark.parametrize("option", ["port", "web", "metrics"])
def test_a_port_has_an_end(option: str) -> None:
    assert refusal(f"--{option}", "65536").endswith("a port is at most 65535")
    assert options(f"--{option}", "65535")[option] == "65535"


def test_proxies_are_believed_only_where_they_are_named() -> None:
    assert options().proxies is None
    proxies = options("--proxy-from", "10.0.0.5", "--proxy-from", "fd00::/8").proxies
    assert proxies is not None
    assert IPv4Address("TCP", "10.0.0.5", 1) in proxies
    assert IPv4Address("TCP", "10.0.0.6", 1) not in proxies
