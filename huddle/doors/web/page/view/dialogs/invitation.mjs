// How others come in: what they type or open, and a code that a phone reads off the screen.

import { _ } from "../../words/catalogue.mjs";
import { dialog, made } from "../dom.mjs";

const SIZE = 8; // pixels of a square

export function showInvitation({ lines = [], local = [], page, into, qr = [] }) {
  const parts = [];
  if (qr.length) parts.push(codeOf(qr, page));
  if (page) parts.push(made("p", {}, made("a", { href: page, textContent: page })));
  if (lines.length) parts.push(made("p", { textContent: _("Write this on the board:") }), block(lines));
  else parts.push(made("p", { textContent: _("From here:") }), block(local));
  if (into) parts.push(made("p", { textContent: _("with nc and huddle-client, once in: /join {room}", { room: into }) }));
  dialog(_("Invite"), ...parts);
}

function block(lines) {
  return made("pre", { tabIndex: 0, textContent: lines.join("\n") });
}

/** A picture of the code; `1` is a dark square. */
function codeOf(rows, page) {
  const width = rows[0].length;
  const label = _("QR code of {page}", { page });
  const canvas = made("canvas", { className: "code", role: "img", width: width * SIZE, height: rows.length * SIZE, "aria-label": label });
  const paint = canvas.getContext("2d");
  paint.fillStyle = "#fff";
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.fillStyle = "#000";
  rows.forEach((row, y) => [...row].forEach((square, x) => {
    if (square === "1") paint.fillRect(x * SIZE, y * SIZE, SIZE, SIZE);
  }));
  return canvas;
}
