// Text: made harmless, cut into lines, and looked through for links and mentions. No input or output.

const HARMFUL =
  /(?!\t)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/gu;
const MARKS = /[\u200e\u200f\u061c]/g;
const LINE_BREAKS = /\r\n|[\n\r\x85\u2028\u2029]/;
const LINK = /\bhttps?:\/\/[^\s<>"'\x60{}|\\^\u00a0\u3000]+/gi;
const BEHIND = /[.,:;!?)\]…»”’]+$/;

/** The text without what moves a screen, as the server would have it (`huddle.protocol.text`). */
export function clean(text) {
  return text.replace(HARMFUL, "\ufffd").replace(MARKS, "");
}

/** The lines of a text; the break at its end begins no further one. */
export function linesOf(text) {
  const lines = text.split(LINE_BREAKS);
  return lines.length > 1 && !lines.at(-1) ? lines.slice(0, -1) : lines;
}

/** How many bytes of UTF-8 a text has. */
export function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}

/** The pieces of a text in order: `{text}`, and `{text, link}` where it is an address of the web. */
export function piecesOf(text) {
  const pieces = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const link = withoutEnd(match[0]);
    if (!hasHost(link)) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) });
    pieces.push({ text: link, link });
    done = match.index + link.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}

/** The address without what ends the sentence around it; a bracket that it opened stays. */
function withoutEnd(link) {
  const rest = link.replace(BEHIND, "");
  const owed = (rest.match(/\(/g) || []).length - (rest.match(/\)/g) || []).length;
  return link.startsWith(`${rest})`) && owed > 0 ? `${rest})` : rest;
}

function hasHost(link) {
  try {
    return new URL(link).hostname !== "";
  } catch {
    return false;
  }
}

const LETTER = /[\p{L}\p{M}\p{N}_]/u;

/** Whether a text names this nick, as a word of its own and in whatever case. */
export function mentions(text, nick) {
  if (!nick) return false;
  const folded = text.toLowerCase();
  const wanted = nick.toLowerCase();
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + 1)) {
    const before = [...folded.slice(Math.max(0, at - 2), at)].pop() || " ";
    const behind = [...folded.slice(at + wanted.length, at + wanted.length + 2)][0] || " ";
    if (!LETTER.test(before) && !LETTER.test(behind)) return true;
  }
  return false;
}
