// What there is only to be read: the commands, and messages just as they were written.

import { usage } from "../../typing/commands.mjs";
import { _, spoken } from "../../words/catalogue.mjs";
import { dialog, made } from "../dom.mjs";
import { keys } from "../labels.mjs";

/** The commands that one may use. */
export function showHelp({ rows, allowed }) {
  const list = made("dl");
  for (const row of rows) {
    if (row.names[0] === "back" || (allowed.size && !allowed.has(row.names[0]))) continue;
    list.append(made("dt", { textContent: usage(row, spoken()) }), made("dd", { textContent: row.summary }));
  }
  dialog(_("Commands"), list, made("p", { className: "quiet", textContent: keys() }));
}

/** A message, and what was said together with it, just as it was written. */
export function showWritten(messages) {
  const [{ seq, nick, of }] = messages;
  const text = messages.map((each) => each.text ?? "").join("\n");
  dialog(_("#{seq}, by {nick}:", { seq, nick: nick ?? of }), made("pre", { tabIndex: 0, dir: "auto", textContent: text }));
}
