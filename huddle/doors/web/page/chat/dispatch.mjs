// Dispatches what was typed: to the session, the view, or what the page does by itself.

import { FIRST_ROOM, INBOX } from "../session/session.mjs";
import { asCommand, meaning, numbered, usage } from "../typing/commands.mjs";
import { _, spoken } from "../words/catalogue.mjs";
import { peerKey } from "./talk.mjs";

/** Do what a text means; tells whether it was understood, else it stays to be put right. Several lines that were
 * `pasted` are no command, whatever they begin with. */
export function carryOut(chat, text, pasted) {
  if (text.trim().includes("\n") && (pasted || !asCommand(text, chat.rows).startsWith("/"))) {
    chat.say(withoutBlankEnds(text), "say");
    return true;
  }
  const meant = meaning(text, chat.rows, chat.talks.room);
  if (meant.say !== undefined) chat.say(meant.say, "say", meant.about);
  else if (meant.act) chat.say(meant.act, "me");
  else if (meant.tell) tell(chat, meant.tell, meant.text);
  else if (meant.answer) answer(chat, meant);
  else if (meant.announce) chat.does((session) => session.say(meant.announce, FIRST_ROOM, "announce"));
  else if (meant.request) chat.ask(meant.request);
  else if (meant.turn) chat.turn(meant.turn, meant.on);
  else if (meant.page) PAGE[meant.page](chat, meant.text || "", meant.which);
  else if (meant.unknown !== undefined) {
    chat.notice(_("There is no command /{name}. /help lists what there is.", { name: meant.unknown }));
  } else chat.notice(usage(meant.misused, spoken()));
  return meant.unknown === undefined && !meant.misused;
}

/** What is typed to have a line said, behind the key of the conversation where it is typed. */
export function typedAs({ kind, place, text, re, edits }) {
  const about = edits ? `/fix #${edits} ` : re && `/re ${re} `; // by then it need not be one's last
  const command = about || { me: "/me ", "msg-me": "/me ", announce: "/announce " }[kind];
  return [kind.startsWith("msg") ? peerKey(place) : place, (command ?? (text.startsWith("/") ? "/" : "")) + text];
}

/** A block begins and ends with something to see; its first line keeps its indentation. */
function withoutBlankEnds(text) {
  return text.replace(/^(\s*\n)+/, "").trimEnd();
}

/** What the page does itself. */
const PAGE = {
  help: ({ view }) => view.help(),
  who: (chat) => chat.ask({ type: "who", room: chat.talks.room || FIRST_ROOM }),
  rooms: (chat) => chat.ask({ type: "rooms" }),
  inbox: (chat) => chat.askForInbox(),
  history: ({ view }) => view.focusLog(),
  lang: ({ view }, text) => view.setLanguage(text),
  quit: (chat) => chat.wishToLeave(),
  search: ({ view }, text) => view.search(text),
  open: (chat, nick) => chat.go(peerKey(nick)),
  close: (chat) => chat.close(chat.talks.current),
  delete: deleteMessage,
  fix,
  register: ({ view }) => view.register(),
  login: ({ view }) => view.login(),
  password: ({ view }) => view.password(),
  key: ({ view }) => view.key(),
};

/** Tell one person something, in the conversation with them. */
function tell(chat, nick, text, about = {}, act = false) {
  chat.does((session) => session.tell(nick, text, act, about));
  chat.go(peerKey(nick));
}

/** Answer a private message by its number; in a conversation with one person it is one of theirs. */
function answer(chat, { answer: text, re }) {
  const nick = chat.talks.peerOf(re);
  const { peer } = chat.talks.here;
  if (nick === null || (peer && peer !== nick)) chat.notice(_("There is no such message here."));
  else tell(chat, nick, text, { re });
}

/** What one said last here is said anew, or what one said under a number. */
function fix(chat, text, which) {
  if (which) return fixNumbered(chat, text, which);
  const { messages } = chat.talks.here;
  const { ownLines } = chat.session;
  const last = messages.findLast(({ own, kind }) => own && ["say", "me"].includes(kind));
  if (ownLines.length) chat.notice(_("Your last line is still on its way; try it again."));
  else if (!last) chat.notice(_("There is no such message here."));
  else chat.say(text, last.kind, { edits: last.edits || last.seq });
}

/** Whether it is one's own the server knows; one of a person may be older than what is here. */
function fixNumbered(chat, text, { room, seq }) {
  const { talks } = chat;
  const { peer } = talks.here;
  const nick = room === INBOX ? talks.peerOf(seq) ?? peer : null;
  const { messages } = nick ? talks.of(peerKey(nick)) : talks.here;
  const act = messages.find((each) => each.seq === seq)?.kind === "me";
  if (room !== INBOX) chat.say(text, act ? "me" : "say", { edits: seq });
  else if (!nick || (peer && peer !== nick)) chat.notice(_("There is no such message here."));
  else tell(chat, nick, text, { edits: seq }, act);
}

/** By its number, with the rest of its block; or the last one of a nick, or of oneself. */
function deleteMessage(chat, text) {
  const { talks } = chat;
  const which = numbered(text, talks.room);
  const last = talks.here.messages.findLast(({ nick, own, kind }) => (text ? nick === text : own) && kind !== "deleted");
  if (which) chat.ask({ type: "delete", ...which, block: true });
  else if (last) chat.ask({ type: "delete", room: talks.room ?? INBOX, seq: last.seq });
  else chat.notice(_("There is no such message here."));
}
