// What stands in the log, as elements: days, the unread rule, notices, messages, blocks, own lines
// that wait. A text of a person is only ever a text.

import { colourOf } from "../words/colours.mjs";
import { _, clockTime, momentOf, ngettext } from "../words/catalogue.mjs";
import { piecesOf } from "../words/text.mjs";
import { button, made } from "./dom.mjs";

const FEW = 12; // lines that are shown of a block until all of it is wanted

/** What tells one look of an item from another: where it changes, the element is made anew. */
export function versionOf(item) {
  const told = item.lines ?? (item.message ? [item.message] : []);
  const each = told.map(({ kind, fixed, answered }) => [kind, fixed, answered?.kind, answered?.fixed].join());
  return `${item.is}${told.length}${each.join("")}`;
}

/** The element of an item. `nick` is one's own; `unfolded` has the keys of the blocks shown whole. */
export function elementOf(item, nick, unfolded) {
  switch (item.is) {
    case "day": return made("p", { className: "day", textContent: item.text });
    case "rule": return made("p", { className: "day unread", textContent: _("unread") });
    case "notice": return made("p", { className: item.loud ? "notice loud" : "notice" },
      made("span", { textContent: item.text }), timeOf(item.time));
    case "block": return blockOf(item, unfolded);
    case "waiting": return waitingOf(item, nick, unfolded);
  }
  return lineOf(item.message);
}

/** Own lines that wait for their acknowledgement: one, or those of a block. */
function waitingOf({ key, lines: [line, ...more] }, nick, unfolded) {
  const first = { ...line, kind: line.kind.replace("msg-", ""), nick };
  const row = more.length ? blockOf({ key, lines: [first, ...more] }, unfolded) : lineOf(first);
  row.classList.add("waiting");
  return row;
}

function lineOf(message) {
  const { nick, kind, text, time } = message;
  const act = kind === "me";
  const loud = kind === "announce" ? " loud" : "";
  const mention = message.mention ? " mention" : "";
  const row = made("div", { className: `line ${act ? "act" : ""}${loud}${mention}` });
  const body = made("div", { className: "body", dir: "auto" }, nickOf(nick));
  if (kind === "deleted") {
    const gone = message.by && message.by !== nick
      ? _("{nick} deleted a message", { nick: message.by }) : _("a message of {nick} was deleted", { nick });
    body.append(" ", made("i", { className: "quiet", textContent: gone }));
  } else body.append(" ", ...about(message), ...linked(text), ...markOf(message));
  row.append(body, timeOf(time, message.seq));
  return row;
}

function blockOf({ key, lines }, unfolded) {
  const { nick, time, seq } = lines[0];
  const body = made("div", { className: "body" }, nickOf(nick));
  const folds = lines.length > FEW + 1 && !unfolded.has(key);
  const pre = made("pre", { tabIndex: 0, dir: "auto" }, ...code(folds ? lines.slice(0, FEW) : lines));
  body.append(" ", ...about(lines[0]), pre);
  if (folds) {
    const more = lines.length - FEW;
    const all = button(ngettext("… and {count} more", "… and {count} more", more), () => {
      unfolded.add(key);
      pre.replaceChildren(...code(lines));
      all.remove();
      pre.focus({ preventScroll: true });
    });
    body.append(all);
  }
  const mention = lines.some((line) => line.mention) ? " mention" : "";
  return made("div", { className: `line${mention}` }, body, timeOf(time, seq));
}

/** A nick in its colour. */
export function nickOf(nick) {
  return made("bdi", { className: `nick c${colourOf(nick)}`, textContent: nick, "data-nick": nick });
}

/** A nick that can be pressed. */
export function nickButton(nick, does, away = false) {
  const way = button("", does, { className: away ? "person away" : "person" });
  way.append(made("bdi", { className: `c${colourOf(nick)}`, textContent: nick }));
  return way;
}

/** A text with its links, which open elsewhere, tell nothing of us, and read from left to right. */
export function linked(text) {
  return piecesOf(text).map((piece) => piece.link
    ? made("a", { href: piece.link, dir: "ltr", target: "_blank", rel: "noopener noreferrer nofollow", textContent: piece.text })
    : piece.text);
}

/** The lines of a block as they stand below each other. */
function code(lines) {
  return lines.flatMap((line, i) => [i ? "\n" : "", ...linked(line.text), ...markOf(line)]);
}

/** What a message answers, or puts right where that is not here. */
function about({ re, answered, edits }) {
  const told = [];
  if (answered && answered.kind !== "deleted") told.push(`↳ ${answered.nick}: ${answered.text.slice(0, 80)}`);
  else if (re) told.push(`↳ #${re}`);
  if (edits) told.push(_("[instead of #{seq}]", { seq: edits }));
  return told.map((text) => made("span", { className: "about", textContent: `${text} ` }));
}

/** Whether it was put right. */
export function markOf({ fixed }) {
  return fixed ? [" ", made("span", { className: "about", textContent: _("(fixed)") })] : [];
}

function timeOf(time, seq) {
  const title = time && (seq ? `${momentOf(time)} · #${seq}` : momentOf(time));
  return time
    ? made("time", { className: "time", dateTime: time, textContent: clockTime(time), title, "data-seq": seq ?? "" })
    : made("span", { className: "time" });
}
