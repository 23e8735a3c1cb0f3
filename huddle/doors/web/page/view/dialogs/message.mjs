// What one can do with a message, by its number: what is said about it is written in the field, and sent from there.

import { INBOX } from "../../session/session.mjs";
import { _ } from "../../words/catalogue.mjs";
import { menu } from "../dom.mjs";
import { showPerson } from "./person.mjs";

/** The menu of a message of the conversation that is looked at. */
export function showMessage(chat, seq) {
  const { here, room } = chat.talks;
  const message = here.messages.find((each) => each.seq === seq);
  if (!message) return;
  const { nick, own, kind, block, text } = message;
  const ask = (request) => () => chat.ask({ room: room ?? INBOX, seq, ...request });
  const begin = (command, now) => () => {
    if (!chat.talks.has(here.key)) return; // one was sent out meanwhile
    if (chat.talks.here !== here) chat.go(here.key); // or a room that was asked for has opened
    chat.view.begin(command, now);
  };
  const person = own ? [] : [[_("About {nick}…", { nick }), () => showPerson(chat, nick, room)]];
  const title = _("#{seq}, by {nick}:", { seq, nick });
  if (kind === "deleted") {
    if (!own) menu(title, person);
    return;
  }
  const entries = [[_("Answer"), begin(`/re #${seq} `)]];
  if (own && !block && ["say", "me"].includes(kind)) {
    const now = here.messages.findLast(({ edits }) => edits === seq) ?? { text };
    entries.push([_("Put it right"), begin(`/fix #${seq} `, now.text)]);
  }
  entries.push([_("As it was written"), ask({ type: "raw" })]);
  if (own || room === null || chat.may("kick")) entries.push([_("Delete"), ask({ type: "delete", block: true })]);
  menu(title, [...entries, ...person]);
}
