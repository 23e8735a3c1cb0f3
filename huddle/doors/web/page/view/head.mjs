// The top of the house: where one is, what becomes of the connection, and what wants an answer.

import { seconds } from "../browser/link.mjs";
import { FIRST_ROOM } from "../session/session.mjs";
import { _, ngettext } from "../words/catalogue.mjs";
import { $, button, give } from "./dom.mjs";

let ticks; // until the countdown is shown again

/** Show which conversation is looked at. */
export function showHead({ peer, key, keyed, quiet, topic, count }) {
  give($("name"), { textContent: peer || key });
  const about = [keyed ? "🔒" : "", quiet ? "🔇" : "", topic || _("Topic…")].filter(Boolean).join(" ");
  give($("topic"), { textContent: about, "aria-label": topic ? `${_("Topic")}: ${topic}` : about, hidden: peer !== null });
  give($("count"), { textContent: peer ? "" : String(count) });
  give($("show-people"), { "aria-label": `${_("Who is here")}${peer ? "" : `: ${count}`}` });
}

/** Show in the window's title where one is, and how much waits. */
export function showTitle(talks) {
  const { mentioned, current, here } = talks;
  const where = current === FIRST_ROOM ? "" : `${here.peer || current} · `;
  give(document, { title: `${mentioned ? `(${mentioned}) ` : ""}${where}Huddle` });
}

/** Show what becomes of the connection, and when it is tried again. */
export function showLink({ session, link }) {
  if (!session || !link) return;
  const waits = !session.online && link.retryAt !== null;
  const text = session.online || session.phase === "over" ? "" : waits ? _("connection lost") : _("connecting…");
  give($("status"), { textContent: text });
  const left = waits ? Math.max(0, Math.ceil(link.retryAt - seconds())) : 0;
  const countdown = waits ? ngettext("reconnecting in {count} s", "reconnecting in {count} s", left) : "";
  give($("countdown"), { textContent: countdown });
  clearTimeout(ticks);
  if (waits) ticks = setTimeout(() => showLink({ session, link }), 500);
}

/** Something that wants an answer, with its buttons: `[text, what it does]`; nothing takes it away. */
export function showBanner(text = "", ...buttons) {
  $("banner").hidden = !text;
  $("banner").replaceChildren(text, ...buttons.map(([label, does]) => button(label, does)));
}
