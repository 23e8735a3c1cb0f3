// Doing what was typed.

import { FIRST_ROOM, INBOX } from "../session/session.mjs";
import { asCommand, meaning, numbered, usage } from "../typing/commands.mjs";
import { _, spoken } from "../words/catalogue.mjs";
import { peerKey } from "./talk.mjs";

/** Do what a text means; tells whether it was understood, else it stays to be put right. Several lines that were
 * `pasted` are no command, whatever they begin with. */
export function carryOut(stay, text, pasted) {
  if (text.trim().includes("\n") && (pasted || !asCommand(text, stay.rows).startsWith("/"))) {
    stay.say(withoutBlankEnds(text), "say");
    return true;
  }
  const meant = meaning(text, stay.rows, stay.talks.room);
  if (meant.say !== undefined) stay.say(meant.say, "say", meant.about);
  else if (meant.act) stay.say(meant.act, "me");
  else if (meant.tell) tell(stay, meant.tell, meant.text);
  else if (meant.answer) answer(stay, meant);
  else if (meant.announce) stay.does((session) => session.say(meant.announce, FIRST_ROOM, "announce"));
  else if (meant.request) stay.ask(meant.request);
  else if (meant.turn) stay.turn(meant.turn, meant.on);
  else if (meant.page) PAGE[meant.page](stay, meant.text || "", meant.which);
  else if (meant.unknown !== undefined) {
    stay.notice(_("There is no command /{name}. /help lists what there is.", { name: meant.unknown }));
  } else stay.notice(usage(meant.misused, spoken()));
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
  who: (stay) => stay.ask({ type: "who", room: stay.talks.room || FIRST_ROOM }),
  rooms: (stay) => stay.ask({ type: "rooms" }),
  inbox: (stay) => stay.askForInbox(),
  history: ({ view }) => view.focusLog(),
  lang: ({ view }, text) => view.setLanguage(text),
  quit: (stay) => stay.leave(),
  search: ({ view }, text) => view.search(text),
  open: (stay, nick) => stay.go(peerKey(nick)),
  close: (stay) => stay.close(stay.talks.current),
  delete: deleteMessage,
  fix,
  register: ({ view }) => view.register(),
  login: ({ view }) => view.login(),
  password: ({ view }) => view.password(),
  key: ({ view }) => view.key(),
};

/** Tell one person something, in the conversation with them. */
function tell(stay, nick, text, about = {}, act = false) {
  stay.does((session) => session.tell(nick, text, act, about));
  stay.go(peerKey(nick));
}

/** Answer a private message by its number; in a conversation with one person it is one of theirs. */
function answer(stay, { answer: text, re }) {
  const nick = stay.talks.peerOf(re);
  const { peer } = stay.talks.here;
  if (nick === null || (peer && peer !== nick)) stay.notice(_("There is no such message here."));
  else tell(stay, nick, text, { re });
}

/** What one said last here is said anew, or what one said under a number. */
function fix(stay, text, which) {
  if (which) return fixNumbered(stay, text, which);
  const { messages } = stay.talks.here;
  const { ownLines } = stay.session;
  const last = messages.findLast(({ own, kind }) => own && ["say", "me"].includes(kind));
  if (ownLines.length) stay.notice(_("Your last line is still on its way; try it again."));
  else if (!last) stay.notice(_("There is no such message here."));
  else stay.say(text, last.kind, { edits: last.edits || last.seq });
}

/** Whether it is one's own the server knows; one of a person may be older than what is here. */
function fixNumbered(stay, text, { room, seq }) {
  const { talks } = stay;
  const { peer } = talks.here;
  const nick = room === INBOX ? talks.peerOf(seq) ?? peer : null;
  const { messages } = nick ? talks.of(peerKey(nick)) : talks.here;
  const act = messages.find((each) => each.seq === seq)?.kind === "me";
  if (room !== INBOX) stay.say(text, act ? "me" : "say", { edits: seq });
  else if (!nick || (peer && peer !== nick)) stay.notice(_("There is no such message here."));
  else tell(stay, nick, text, { edits: seq }, act);
}

/** By its number, with the rest of its block; or the last one of a nick, or of oneself. */
function deleteMessage(stay, text) {
  const { talks } = stay;
  const which = numbered(text, talks.room);
  const last = talks.here.messages.findLast(({ nick, own, kind }) => (text ? nick === text : own) && kind !== "deleted");
  if (which) stay.ask({ type: "delete", ...which, block: true });
  else if (last) stay.ask({ type: "delete", room: talks.room ?? INBOX, seq: last.seq });
  else stay.notice(_("There is no such message here."));
}
