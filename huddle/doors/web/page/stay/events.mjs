// What becomes of the session's events: they change the conversations, and what is seen of them.

import { FIRST_ROOM, INBOX } from "../session/session.mjs";
import { _, ngettext } from "../words/catalogue.mjs";
import { happened, refused } from "../words/sentences.mjs";
import { hearAnswer, hearDenial } from "./answers.mjs";
import { typedAs } from "./doing.mjs";

/** Do what an event asks for; of those that change nothing it is told where they happened. */
export function happen(stay, event) {
  if (HAPPENS[event.event]) HAPPENS[event.event](stay, event);
  else tellOf(stay, event);
}

function tellOf(stay, event, loud = false) {
  const text = happened(event);
  if (!text) return;
  const { talks } = stay;
  stay.notice(text, loud, event.room && event.room !== INBOX ? talks.of(event.room) : talks.here);
}

const HAPPENS = {
  Said: (stay, event) => stay.take(event, true),
  Deleted(stay, event) {
    if (event.past) stay.take({ ...event, kind: "deleted", text: "" }, true);
    else stay.talks.deleted(event);
  },
  Acknowledged(stay, { id, line, room, seq }) {
    if (line.block === id) stay.blocks.set(id, seq);
    const block = stay.blocks.get(line.block);
    const { text, re, edits } = line;
    const kind = { "msg-me": "me", msg: "say" }[line.kind] || line.kind;
    const to = room === INBOX ? { to: line.place } : {};
    stay.take({ room, seq, time: stay.now(), nick: stay.session.nick, kind, text, ...to,
      ...(block && { block }), ...(re && { re }), ...(edits && { edits }) }, false);
  },
  Refused(stay, event) {
    stay.notice(`${refused(event)} ${event.line.text.slice(0, 60)}`, true);
    stay.giveBack(...typedAs(event.line));
  },
  InDoubt(stay, { lines }) {
    const text = ngettext(
      "It is not known any more whether {count} line was said.",
      "It is not known any more whether {count} lines were said.", lines.length);
    const decide = (again) => () => {
      stay.view.banner();
      stay.does((session) => session.decideDoubts(again));
    };
    stay.view.banner(text, [_("Say again"), decide(true)], [_("Drop"), decide(false)]);
  },
  Welcomed(stay, { rooms }) {
    const { talks, session, view } = stay;
    view.banner();
    view.enterHouse();
    talks.returned();
    for (const [name, how] of Object.entries(rooms)) talks.entered(name, how, session.nick);
    for (const talk of talks.all) talk.asked = false;
    if (!talks.has(talks.current)) talks.current = Object.keys(rooms)[0] || FIRST_ROOM;
    session.shown();
    queueMicrotask(() => stay.welcomed());
  },
  Here: (stay, { room, ...how }) => stay.talks.entered(room, how, stay.session.nick),
  Joined(stay, event) {
    stay.talks.joined(event);
    if (!stay.isHushed(stay.talks.of(event.room))) tellOf(stay, event);
  },
  Left(stay, event) {
    stay.talks.left(event);
    if (event.by || !stay.isHushed(stay.talks.of(event.room))) tellOf(stay, event);
  },
  Renamed(stay, event) {
    stay.renamed(event);
    tellOf(stay, event);
  },
  Changed(stay, event) {
    stay.talks.changed(event);
    tellOf(stay, event, event.setting === "topic");
  },
  Removed(stay, event) {
    stay.close(event.room);
    stay.notice(happened(event));
  },
  StandingIs(stay, event) {
    tellOf(stay, event, true);
    stay.learnAllowed();
  },
  Reset(stay, { room, ...event }) {
    stay.talks.reset(room);
    if (room !== INBOX) tellOf(stay, { room, ...event });
  },
  Motd(stay, { lines }) {
    for (const line of lines) stay.notice(line, true, stay.talks.of(FIRST_ROOM));
  },
  Answered: (stay, { request, answer }) => hearAnswer(stay, request, answer),
  Denied: hearDenial,
  Named: (stay, { nick }) => stay.notice(_("you are {nick}", { nick }), false),
  NickRefused: (stay, { reason, suggestion }) => stay.view.askNick(reason, suggestion),
  PasswordWanted(stay, { nick, code, reason }) {
    const asked = _("{nick} is registered. What is the password?", { nick });
    stay.view.askPassword(code === "password-needed" ? asked : reason);
  },
  TurnedAway(stay, { reason }) {
    if (!stay.view.refuse(reason)) stay.notice(reason);
  },
  Expelled: (stay, { reason }) => stay.view.banner(reason, [_("Come in again"), () => stay.beginAnew()]),
  Replaced(stay) {
    const takeOver = () => stay.begin(stay.session.nick);
    stay.view.banner(_("This conversation is open in another tab."), [_("Use it here"), takeOver]);
  },
  Farewell: (stay) => stay.end(),
  Silent() {},
};
