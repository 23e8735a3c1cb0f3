// Looking for words in a conversation, and what was found.

import { INBOX } from "../../session/session.mjs";
import { asFound } from "../../chat/search_results.mjs";
import { _, momentOf } from "../../words/catalogue.mjs";
import { $, button, dialog, field, made } from "../dom.mjs";
import { linked, markOf, nickButton } from "../lines.mjs";
import { showPerson } from "./person.mjs";

let shown = new Set(); // the numbers of what was found
let asked = null; // what was asked for last: an answer to anything else comes too late
let where = null; // the conversation in which one looks, though another one opens meanwhile

/** Ask for words, or look for these at once. */
export function search(chat, text = "") {
  const [words, row] = field("search-words", _("Words to look for here"), {
    enterKeyHint: "search", autocomplete: "off", required: true, value: text,
  });
  const form = made("form", {}, row, made("button", { className: "strong", textContent: _("Search") }));
  const found = made("div", { className: "found", id: "found", role: "status" });
  dialog(_("Search"), form, found);
  shown = new Set();
  asked = null;
  where = chat.talks.here;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    found.replaceChildren();
    shown = new Set();
    ask(chat, words.value);
  });
  if (text) ask(chat, text);
}

function ask(chat, words, before) {
  asked = { type: "search", room: where.peer ? INBOX : where.key, words, limit: 30, ...(before && { before }) };
  chat.ask(asked);
}

/** Show what was found, the newest first. */
export function showFound(chat, { messages, more }, request) {
  const found = $("found");
  if (!found || request !== asked) return;
  if (!messages.length) found.append(made("p", { textContent: _("Nothing was found.") }));
  const room = where.peer ? null : where.key;
  for (const each of asFound(messages, where, shown).reverse()) {
    const { nick, time, text } = each;
    const body = made("div", { className: "body", dir: "auto" }, nickButton(nick, () => showPerson(chat, nick, room)), " ", ...linked(text), ...markOf(each));
    const when = made("small", { className: "quiet", textContent: momentOf(time) });
    found.append(made("div", {}, when, body));
  }
  if (more) {
    const further = button(_("Older ones"), () => {
      further.remove();
      ask(chat, request.words, messages[0].seq);
    });
    found.append(further);
  }
}
