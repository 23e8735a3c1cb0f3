"""Local effects: what follows from the log for those who are connected to this node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from twisted.internet.defer import Deferred

from huddle.cluster import effects as told
from huddle.cluster.effects import Applied
from huddle.huddle import Huddle
from huddle.people.sessions import Session
from huddle.protocol.answers import Refused, Removed, Standing, StandingIs
from huddle.protocol.errors import Alone, Banned, HuddleError, Kicked, Replaced
from huddle.protocol.events import FIRST_ROOM
from huddle.record import MarkKind
from huddle.server.clustered.link import RETRY_AFTER, Link
from huddle.server.clustered.logged_presence import LoggedPresence
from huddle.server.clustered.shared_code import SharedCode
from huddle.server.clustered.state_mirror import StateMirror
from huddle.visits.welcome import go_home


@dataclass(eq=False, repr=False)
class LocalEffects:
    """What follows on one node, which was started with the options ``shared``; ``differs`` hears
    which of them are others than those of the house: none where the house is of a version without
    them."""

    _link: Link
    _huddle: Huddle
    _presence: LoggedPresence
    _mirror: StateMirror
    _code: SharedCode
    _shared: Mapping[str, object]
    _differs: Callable[[Iterable[str]], object]

    def moved(self, number: int) -> None:
        """The session is on another node by now: its connection here is over."""
        there = self._huddle.registry.by_number(number)
        if there is not None:
            self._presence.moved(there, Replaced())

    def _comes_anew(self, number: int) -> None:
        """What was refused here by now is not waited for on a connection that comes from elsewhere:
        it may have been answered there, be it in vain, and a program says first what was not.
        (What is refused only later was left behind: `LoggedPresence.moved`.)"""
        session = self._huddle.registry.by_number(number)
        if session is None or session.outlet is None:
            self._huddle.sequencer.refusals.forget(number)

    def carry_out(self, effect: object, applied: Applied) -> None:
        """Do what follows from an effect of this batch for those who are connected here."""
        match effect:
            case told.LifeUp(_, life) | told.LifeDown(life):
                self._link.share(len(self._link.state.lives))
                self._mirror.options()
                if isinstance(effect, told.LifeUp) and life == self._link.node.life:
                    self._tell_options()
            case told.Attached(number, life, _) if life != self._link.node.life:
                self.moved(number)
                self._mirror.follow([("session", number)])  # of its own is what that node says
            case told.Attached(number):
                self._comes_anew(number)
            case told.Removed(number, room, by, reason, banned):
                session = self._huddle.registry.by_number(number)
                if session is not None:
                    self._send_out(session, room, by, reason, banned, applied)
            case told.Marked(room, kind, who, version) if applied.life != self._link.node.life:
                self._tell_standing(room, MarkKind(kind), who, bool(version), applied)
                self._mirror.count_mark(room, MarkKind(kind), who)
            case told.Audited(act="operator"):
                self._code.use_up()
            case told.Audited(act="op" | "deop") if applied.life != self._link.node.life:
                self._tell_operator(effect)

    def _tell_operator(self, appointed: told.Audited) -> None:
        account = self._huddle.registry.accounts.named(appointed.target)
        standing = Standing.OPERATOR if appointed.act == "op" else Standing.NO_OPERATOR
        for session in () if account is None else account.sessions.values():
            self._huddle.replies.inform(session, StandingIs(FIRST_ROOM, standing, appointed.by))

    def _tell_options(self) -> None:
        """Each goes by those of the house, whatever it was started with."""
        own, house = self._shared, self._link.state.shared
        other = [name for name in sorted(own) if name in house and own[name] != house[name]]
        if other or own.keys() - house.keys():
            self._differs(other)

    def _send_out(
        self,
        session: Session,
        room: str,
        by: str,
        reason: str,
        banned: int | None,
        applied: Applied,
    ) -> None:
        """The node whose member did it has done so itself, but for bans, which the log carries
        out."""
        if room == FIRST_ROOM:
            error: HuddleError = Kicked(by, reason)
            if banned is not None:
                error = Banned(room, banned or None, reason)
            self._presence.moved(session, error)
        elif banned is not None or applied.life != self._link.node.life:
            session.sent_from = room, self._huddle.seconds()
            self._huddle.replies.inform(session, Removed(room, by, reason, banned is not None))
            self._take_home(session)

    def _take_home(self, session: Session) -> None:
        if session.outlet is not None and not (session.traits.many_rooms or session.seats):
            going = Deferred.fromCoroutine(go_home(self._huddle, session))
            going.addErrback(lambda failure: failure.trap(HuddleError))

    def send_elsewhere(self) -> None:
        """Programs can go to another node, and are told to; people stay, and read."""
        for session in list(self._huddle.registry.sessions):
            if session.outlet is not None and session.traits.own_secret:
                session.outlet.close(Refused(Alone(RETRY_AFTER)))

    def take_home(self) -> None:
        """This node can propose again: people who were to be taken home while it could not, and are
        in no room, are now."""
        for session in list(self._huddle.registry.sessions):
            self._take_home(session)

    def _tell_standing(
        self, room: str, kind: MarkKind, who: str, holds: bool, applied: Applied
    ) -> None:
        """Tell those of them who are in the room, as is done where it was asked for."""
        standing = _STANDINGS.get((kind, holds))
        if standing is None or not who.startswith(("session:", "account:")):
            return
        mark = self._huddle.directory.restrictions.of(room, kind, who)
        acts = [each for each in applied.effects if isinstance(each, told.Audited)]
        by = mark.by if mark is not None else next((each.by for each in acts), "")
        until, reason = (None, "") if mark is None else (mark.until, mark.reason)
        for session in self._huddle.registry.sessions_of(who):
            if room in session.rooms:
                answer = StandingIs(room, standing, by, until, reason)
                self._huddle.replies.inform(session, answer)


_STANDINGS = {
    (MarkKind.MUTE, True): Standing.MUTED,
    (MarkKind.MUTE, False): Standing.UNMUTED,
    (MarkKind.VOICE, True): Standing.VOICED,
    (MarkKind.VOICE, False): Standing.UNVOICED,
}
