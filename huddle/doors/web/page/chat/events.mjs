// What becomes of the session's events: they change the conversations, and what is seen of them.

import { FIRST_ROOM, INBOX } from "../session/session.mjs";
import { _, ngettext } from "../words/catalogue.mjs";
import { happened, refused } from "../words/sentences.mjs";
import { hearAnswer, hearDenial } from "./answers.mjs";
import { typedAs } from "./dispatch.mjs";

/** Do what an event asks for; of those that change nothing it is told where they happened. */
export function happen(chat, event) {
  if (HAPPENS[event.event]) HAPPENS[event.event](chat, event);
  else tellOf(chat, event);
}

function tellOf(chat, event, loud = false) {
  const text = happened(event);
  if (!text) return;
  const { talks } = chat;
  chat.notice(text, loud, event.room && event.room !== INBOX ? talks.of(event.room) : talks.here);
}

const HAPPENS = {
  Said: (chat, event) => chat.take(event, true),
  Deleted(chat, event) {
    if (event.past) chat.take({ ...event, kind: "deleted", text: "" }, true);
    else chat.talks.deleted(event);
  },
  Acknowledged(chat, { id, line, room, seq }) {
    if (line.block === id) chat.blocks.set(id, seq);
    const block = chat.blocks.get(line.block);
    const { text, re, edits } = line;
    const kind = { "msg-me": "me", msg: "say" }[line.kind] || line.kind;
    const to = room === INBOX ? { to: line.place } : {};
    chat.take({ room, seq, time: chat.now(), nick: chat.session.nick, kind, text, ...to,
      ...(block && { block }), ...(re && { re }), ...(edits && { edits }) }, false);
  },
  Refused(chat, event) {
    chat.notice(`${refused(event)} ${event.line.text.slice(0, 60)}`, true);
    chat.giveBack(...typedAs(event.line));
  },
  InDoubt(chat, { lines }) {
    const text = ngettext(
      "It is not known any more whether {count} line was said.",
      "It is not known any more whether {count} lines were said.", lines.length);
    const decide = (again) => () => {
      chat.view.banner();
      chat.does((session) => session.decideDoubts(again));
    };
    chat.view.banner(text, [_("Say again"), decide(true)], [_("Drop"), decide(false)]);
  },
  Welcomed(chat, { rooms }) {
    const { talks, session, view } = chat;
    view.enterHouse();
    talks.returned();
    for (const [name, how] of Object.entries(rooms)) talks.entered(name, how, session.nick);
    for (const talk of talks.all) talk.asked = false;
    if (!talks.has(talks.current)) talks.current = Object.keys(rooms)[0] || FIRST_ROOM;
    session.shown();
    queueMicrotask(() => chat.welcomed());
  },
  Here: (chat, { room, ...how }) => chat.talks.entered(room, how, chat.session.nick),
  Joined(chat, event) {
    chat.talks.joined(event);
    if (!chat.isHushed(chat.talks.of(event.room))) tellOf(chat, event);
  },
  Left(chat, event) {
    chat.talks.left(event);
    if (event.by || !chat.isHushed(chat.talks.of(event.room))) tellOf(chat, event);
  },
  Renamed(chat, event) {
    chat.renamed(event);
    tellOf(chat, event);
  },
  Changed(chat, event) {
    chat.talks.changed(event);
    tellOf(chat, event, event.setting === "topic");
  },
  Removed(chat, event) {
    chat.close(event.room);
    chat.notice(happened(event));
  },
  StandingIs(chat, event) {
    tellOf(chat, event, true);
    chat.learnAllowed();
  },
  Reset(chat, { room, ...event }) {
    chat.talks.reset(room);
    if (room !== INBOX) tellOf(chat, { room, ...event });
  },
  Motd(chat, { lines }) {
    for (const line of lines) chat.notice(line, true, chat.talks.of(FIRST_ROOM));
  },
  Answered: (chat, { request, answer }) => hearAnswer(chat, request, answer),
  Denied: hearDenial,
  Named: (chat, { nick }) => chat.notice(_("you are {nick}", { nick }), false),
  NickRefused: (chat, { reason, suggestion }) => chat.view.askNick(reason, suggestion),
  PasswordWanted(chat, { nick, code, reason }) {
    const asked = _("{nick} is registered. What is the password?", { nick });
    chat.view.askPassword(code === "password-needed" ? asked : reason);
  },
  TurnedAway(chat, { reason }) {
    if (!chat.view.refuse(reason)) chat.notice(reason);
  },
  Expelled: (chat, { reason }) => chat.view.banner(reason, [_("Come in again"), () => chat.beginAnew()]),
  Replaced(chat) {
    const takeOver = () => chat.begin(chat.session.nick);
    chat.view.banner(_("This conversation is open in another tab."), [_("Use it here"), takeOver]);
  },
  Farewell: (chat) => chat.end(),
  Silent() {},
};
