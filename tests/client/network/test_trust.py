"""Who is believed: by the command line, by what is remembered, by authorities, by a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.client.network.known_servers import NAME, KnownServers, place_of
from huddle.client.network.tls_options import Tls
from huddle.client.network.trust import Distrusted, Judge, ServerCertificate
from huddle.client.session.events import Doubt, Known, Untrusted
from huddle.protocol.fingerprint import fingerprint_of

ONE, OTHER = fingerprint_of(b"one"), fingerprint_of(b"other")
PLACE = "chat.lan:55123"
SIGNED = ServerCertificate(ONE, None, ("chat.lan",))
UNKNOWN = ServerCertificate(ONE, Doubt.SELF_SIGNED, ("chat.lan",))


class Court:
    """A judge, the file that he has, and the person whom he may ask."""

    def __init__(self, folder: Path, wish: Tls | None = None, *, person: bool = True) -> None:
        self.known = KnownServers(folder)
        self.asked: list[tuple[Untrusted, Deferred[bool]]] = []
        self.unwritable = 0
        self._judge = Judge(
            place_of("Chat.lan", 55123),
            wish or Tls(),
            self.known,
            self._ask if person else None,
            self._could_not_write,
        )

    def _ask(self, event: Untrusted) -> Deferred[bool]:
        self.asked.append((event, Deferred()))
        return self.asked[-1][1]

    def _could_not_write(self) -> None:
        self.unwritable += 1

    def believes(
        self, shown: ServerCertificate, outcomes: list[bool | Distrusted] | None = None
    ) -> bool | Distrusted | None:
        """True, or why not; None while a person is asked. It is added to ``outcomes``, too."""
        outcome = [] if outcomes is None else outcomes

        def refused(failure: Failure) -> None:
            assert isinstance(failure.value, Distrusted)
            outcome.append(failure.value)

        self._judge.judge(shown).addCallbacks(lambda _: outcome.append(True), refused)
        return outcome[0] if outcome else None

    def refuses(self, shown: ServerCertificate) -> Untrusted | None:
        """What is told of it."""
        outcome = self.believes(shown)
        assert isinstance(outcome, Distrusted)
        return outcome.event


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "huddle"


def test_what_an_authority_signed_is_believed_and_nothing_is_kept_of_it(folder: Path) -> None:
    assert Court(folder).believes(SIGNED) is True
    assert not folder.exists()


def test_a_person_is_asked_about_what_is_unknown_once(folder: Path) -> None:
    court = Court(folder)
    assert court.believes(UNKNOWN) is None
    [(event, answer)] = court.asked
    assert event == Untrusted(PLACE, ONE, Doubt.SELF_SIGNED, ("chat.lan",))
    answer.callback(True)
    assert court.believes(UNKNOWN) is True
    assert Court(folder).believes(UNKNOWN) is True
    assert len(court.asked) == 1


def test_a_no_is_no_and_is_not_remembered(folder: Path) -> None:
    court = Court(folder)
    outcomes: list[bool | Distrusted] = []
    assert court.believes(UNKNOWN, outcomes) is None
    court.asked[0][1].callback(False)
    [outcome] = outcomes
    assert isinstance(outcome, Distrusted) and outcome.event is None  # it was their own decision
    assert court.believes(UNKNOWN) is None
    assert len(court.asked) == 2


def test_a_program_refuses_what_is_unknown(folder: Path) -> None:
    court = Court(folder, person=False)
    assert court.refuses(UNKNOWN) == Untrusted(PLACE, ONE, Doubt.SELF_SIGNED, ("chat.lan",))


def test_a_program_takes_what_its_owner_has_taken(folder: Path) -> None:
    KnownServers(folder).add(PLACE, ONE)
    assert Court(folder, person=False).believes(UNKNOWN) is True


@pytest.mark.parametrize("signed", [True, False])
def test_a_known_server_is_taken_with_that_certificate_only(folder: Path, signed: bool) -> None:
    KnownServers(folder).add(PLACE, OTHER)
    known = Known(OTHER, str(folder / NAME), 1)
    court = Court(folder)
    shown = SIGNED if signed else UNKNOWN
    assert court.refuses(shown) == Untrusted(PLACE, ONE, Doubt.CHANGED, ("chat.lan",), known)
    assert court.asked == []


@pytest.mark.parametrize("shown", [SIGNED, UNKNOWN])
def test_a_fingerprint_on_the_command_line_takes_exactly_that_one(
    folder: Path, shown: ServerCertificate
) -> None:
    KnownServers(folder).add(PLACE, OTHER)
    assert Court(folder, Tls(trust=ONE)).believes(shown) is True
    event = Court(folder, Tls(trust=OTHER)).refuses(shown)
    assert event is not None and event.doubt is Doubt.ANOTHER


def test_with_an_authority_on_the_command_line_nobody_else_is_asked(folder: Path) -> None:
    KnownServers(folder).add(PLACE, OTHER)
    court = Court(folder, Tls(ca="authority.pem"))
    assert court.believes(SIGNED) is True
    event = court.refuses(UNKNOWN)
    assert event is not None and event.doubt is Doubt.SELF_SIGNED
    assert court.asked == []


def test_who_wants_no_check_gets_none(folder: Path) -> None:
    KnownServers(folder).add(PLACE, OTHER)
    assert Court(folder, Tls(insecure=True)).believes(UNKNOWN) is True


def test_what_cannot_be_remembered_is_told_and_not_asked_again_in_this_run(folder: Path) -> None:
    folder.write_text("in the way")
    court = Court(folder)
    assert court.believes(UNKNOWN) is None
    court.asked[0][1].callback(True)
    assert court.unwritable == 1
    assert court.believes(UNKNOWN) is True
    assert (
        court.believes(ServerCertificate(OTHER, Doubt.SELF_SIGNED)) is None
    )  # that is another one
