// Doing what was typed.

import { FIRST_ROOM, INBOX } from "../session/session.mjs";
import { asCommand, meaning, usage } from "../typing/commands.mjs";
import { _, choose, spoken } from "../words/catalogue.mjs";
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
  else if (meant.tell) {
    stay.does((session) => session.tell(meant.tell, meant.text));
    stay.go(peerKey(meant.tell));
  } else if (meant.announce) stay.does((session) => session.say(meant.announce, FIRST_ROOM, "announce"));
  else if (meant.request) stay.ask(meant.request);
  else if (meant.turn) stay.turn(meant.turn, meant.on);
  else if (meant.page) PAGE[meant.page](stay, meant.text || "");
  else if (meant.unknown !== undefined) {
    stay.notice(_("There is no command /{name}. /help lists what there is.", { name: meant.unknown }));
  } else stay.notice(usage(meant.misused, spoken()));
  return meant.unknown === undefined && !meant.misused;
}

/** What is typed to have a line said, behind the key of the conversation where it is typed. */
export function typedAs({ kind, place, text }) {
  const command = { me: "/me ", "msg-me": "/me ", announce: "/announce " }[kind];
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
  lang: ({ view }, text) => view.setLanguage(choose([text])),
  quit: (stay) => stay.leave(),
  search: ({ view }, text) => view.search(text),
  open: (stay, nick) => stay.go(peerKey(nick)),
  close: (stay) => stay.close(stay.talks.current),
  delete: deleteMessage,
  fix,
  register: ({ view }) => view.register(),
  login: ({ view }) => view.login(),
};

/** What one said last here is said anew; what one person is told has no number that both know. */
function fix(stay, text) {
  const { messages, peer } = stay.talks.here;
  const { nick, ownLines } = stay.session;
  const last = messages.findLast((each) => each.nick === nick && ["say", "me"].includes(each.kind));
  if (peer || !last) stay.notice(_("There is no such message here."));
  else if (ownLines.length) stay.notice(_("Your last line is still on its way; try it again."));
  else stay.say(text, last.kind, { edits: last.edits || last.seq });
}

/** By its number, with the rest of its block; or the last one of a nick, or of oneself. */
function deleteMessage(stay, text) {
  const { talks, session } = stay;
  const numbered = /^\d+$/.test(text);
  const whose = text || session.nick;
  const last = talks.here.messages.findLast(({ nick, kind }) => nick === whose && kind !== "deleted");
  const seq = numbered ? Number(text) : last?.seq;
  const room = talks.room ?? INBOX;
  if (seq) stay.ask({ type: "delete", room, seq, ...(numbered && { block: true }) });
}
