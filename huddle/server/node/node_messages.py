"""Why a node cannot start, or takes part no more, and how it stands: in a person's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huddle.cluster.nodes.node_status import NodeStatus
from huddle.locale import Wording
from huddle.server.node.ending import AGAIN, PEOPLE


def node_trouble(cause: str, details: Mapping[str, str], wording: Wording) -> str:
    """One sentence on why the node is over, and what to do: by the causes that
    `huddle.server.clustered.clustered.Clustered` says, and ``no-engine``, ``own-house``,
    ``no-state``, ``nothing``, ``stands`` and ``founding`` of a start. ``details`` are
    the places that are named in them."""
    _ = wording.gettext
    sentences = {
        "no-engine": _("no engine answers at {endpoints}: start etcd there, or see what it says"),
        "own-house": _(
            "{history} was kept by a server that was no node: give a node a record of its own, by"
            " --history FILE; or, where there is no house yet, begin one with this, by --found"
        ),
        "nothing": _("--found: nothing is in {history} with which a house could begin"),
        "stands": _(
            "--found: there is a house already, and nothing was changed: to have another, name it"
            " behind the engine's addresses in --cluster; to come into this one, start without"
            " --found and with another --history FILE"
        ),
        "founding": _(
            "a house was to begin with {history}, and that was not ended: start once more with"
            " --found"
        ),
        "no-state": _(
            "{state} is missing, without which {history} cannot be gone on with: put it back, or"
            " give the node another --history FILE"
        ),
        "bad-state": _(
            "{state} is damaged, or of another version: restore it together with {history}, or give"
            " the node another --history FILE"
        ),
        "fenced": _(
            "another server has started as the node {node}, and this one ends: each node has a"
            " --node NAME of its own"
        ),
        "outvoted": _(
            "what this node has differs from what most others have, and it ends: keep {history} to"
            " find out why, and give the node another --history FILE"
        ),
        "rules": _("the log has entries of a later Huddle: install that on this node, too"),
        "sealed": _(
            "the log is sealed under another key: {key} has to hold the same on all nodes; where"
            " all nodes say so, somebody else has written into the engine: begin a house of another"
            " name with what this node has, by --found"
        ),
        "foreign": _("the engine has another house, or is another engine, than {history} is of"),
        "rewound": _(
            "the engine has less than {history}: it was restored from an older copy, or started"
            " anew; all nodes end, so that people may decide what to go on with: a house of another"
            " name in --cluster can begin with what this node has, by --found"
        ),
        "truncated": _(
            "the engine no longer has what this node has missed, and no other node gives it: start"
            " another with --peer, or stop one, copy its record and its .node file into the place"
            " of {history} and {state}, and start both"
        ),
        "lost": _(
            "an entry of the log is missing in the engine, and no other node gives it: start one"
            " that has it with --peer, or stop one, copy its record and its .node file into the"
            " place of {history} and {state}, and start both"
        ),
        "behind": _(
            "the engine does not give what comes next, and this node ends: it begins with what"
            " another node has when it is started again"
        ),
        "record": _("the record of this node fails, and it ends; what it appended stands"),
    }
    sentence = sentences.get(cause, _("the log cannot be applied any further, and the node ends"))
    return sentence.format(**details)


def status_of(cause: str) -> int:
    """With which exit status such a node ends."""
    return AGAIN if cause in ("no-engine", "record", "behind") else PEOPLE


def node_news(status: NodeStatus, wording: Wording) -> str:
    """What the log is to tell of how the node stands with the others; nothing of some."""
    _ = wording.gettext
    sentences = {
        NodeStatus.LEVEL: _("this node is level with the others"),
        NodeStatus.REFUSING: _(
            "this node has lost the others: what is said here is refused; the past can be read"
        ),
        NodeStatus.ALONE: _("this node is still alone: programs are sent to other nodes"),
        NodeStatus.SKEWED: _("this node's clock differs from the others': it says nothing"),
        NodeStatus.READ_ONLY: _(
            "the nodes differ, and no majority agrees: all are read-only until the node is stopped"
            " whose record is to be given up"
        ),
    }
    return sentences.get(status, "")


OPTIONS = {
    "hold": "--hold",
    "keep_ms": "--keep",
    "keep_messages": "--keep-messages",
    "rooms": "--rooms",
    "pending": "--pending",
    "members_only": "--members-only",
    "operators": "--op",
    "held_each": "--per-address",
}
"""What people call the options that all nodes of a house go by alike."""


def other_options(names: Iterable[str], wording: Wording) -> str:
    """What the log is to tell where a node was started with other options than the house goes by.

    Those that are in `OPTIONS` are named; the others are a version's."""
    _ = wording.gettext
    named = ", ".join(OPTIONS[name] for name in OPTIONS if name in names)
    sentence = _(
        "this node was started with another {options} than the house goes by, which holds here too:"
        " start all nodes with the same, one after the other, and it holds when the last is there"
    )
    return sentence.format(options=named or _("version"))


def beginning_news(code: str, house: str, history: str, wording: Wording) -> str:
    """What the log is to tell of a house that begins, and with what: who has misspelt its name sees
    by that why nobody is there."""
    _ = wording.gettext
    sentences = {
        "empty": _("the engine had no house {house}: it begins now, with nothing"),
        "found": _("the house {house} begins with what {history} has"),
        "anew": _(
            "the house {house} begins with what {history} has, which is of another house: where"
            " that one still stands, it goes on without this node"
        ),
    }
    return sentences[code].format(house=house, history=history)
