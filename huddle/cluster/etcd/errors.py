"""What makes an engine, or its address, unusable; the words for it are a person's."""

from __future__ import annotations

from huddle.locale import Wording


class _Unusable(Exception):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class AddressUnusable(_Unusable, ValueError):
    """An address of an engine that will not do; ``detail`` is what is wrong in it."""


class EngineUnusable(_Unusable):
    """The engine answers, and this node cannot work with it; ``detail`` says with what."""


def address_trouble(error: AddressUnusable, wording: Wording) -> str:
    """One sentence on what is wrong with the address, and how it is written."""
    _ = wording.gettext
    sentences = {
        "scheme": _("it begins with etcd:// or, for TLS, etcds://"),
        "host": _("{detail} is no host, with or without a port from 1 to 65535"),
        "no-host": _("it names no host: etcd://a,b,c/HOUSE"),
        "house": _("the house behind the hosts is 1 to 32 of the characters a-z, 0-9, - and _"),
        "option": _(
            "{detail} is no option of it; there are ca, cert, key and password-file,"
            " each of them with a file"
        ),
        "certificate": _("cert and key go together: give both"),
        "no-certificate": _("there is no certificate in {detail}"),
        "no-key": _("there is no certificate with its key in {detail}"),
        "plain": _("ca, cert and key are for TLS: write etcds://"),
        "password": _("a user has a password, as USER:PASSWORD@ or in a password-file"),
        "two-passwords": _("there are two passwords: leave one out"),
    }
    return sentences[error.code].format(detail=error.detail)


def engine_trouble(error: EngineUnusable, wording: Wording) -> str:
    """One sentence on why the engine will not do, and what to do."""
    _ = wording.gettext
    sentences = {
        "credentials": _("the engine refuses this user and password"),
        "no-credentials": _("the engine wants a user and a password, and none were given"),
        "not-permitted": _("the engine does not let this user read and write huddle/"),
        "not-etcd": _("what answers there is no etcd of version 3.4 or later"),
        "no-house": _(
            "the engine has nothing of this house, though this node has: it is another engine, or"
            " it has lost its data; to begin the house anew with what this node has, start one"
            " node, the one that has most, with --found"
        ),
        "other-house": _(
            "the engine has another house of this name than the one this node knows: give the node"
            " another --history FILE, and it begins with what the others have"
        ),
        "other-engine": _(
            "it is another engine than the one this node knows; to begin the house anew with what"
            " this node has, start one node, the one that has most, with --found; where that is"
            " done, give this node another --history FILE"
        ),
    }
    return sentences[error.code].format(detail=error.detail)


def engine_news(code: str, detail: str, wording: Wording) -> str:
    """What the log is to tell of the engine while it is used."""
    _ = wording.gettext
    sentences = {
        "old": _(
            "etcd {detail} can leave out entries while it compacts; that is found out, and mended"
            " by another node's state, but 3.4.31 or 3.5.13 do not do it"
        ),
        "full": _("the engine is full and takes nothing: compact it, defragment it, end its alarm"),
        "refuses": _("the engine refuses what this node asks: {detail}"),
        "silent": _("the engine does not answer: {detail}"),
        "answers": _("the engine answers again"),
    }
    return sentences[code].format(detail=detail)
