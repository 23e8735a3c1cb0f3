// The lists beside the conversation: rooms, conversations with one person, and who is here.

import { FIRST_ROOM } from "../session/session.mjs";
import { _, ngettext, spoken } from "../words/catalogue.mjs";
import { $, button, give, made, theirs } from "./dom.mjs";
import { nickButton } from "./lines.mjs";

/** Show all conversations; `go` is called with the key of one that is chosen, `leave` with one that is left. */
export function listTalks({ rooms, peers, current }, go, leave) {
  const row = (talk) => {
    const way = button("", () => go(talk.key));
    way.append(theirs(talk.peer || talk.key), ...(talk.unread ? [badge(talk)] : []));
    const item = made("li", {}, way);
    if (talk.key === current) {
      way.setAttribute("aria-current", "true");
      const label = talk.peer ? _("Close") : _("Leave");
      const out = () => button("✕", () => leave(talk), { className: "out", title: label, "aria-label": label });
      if (talk.key !== FIRST_ROOM) item.append(out());
    }
    return item;
  };
  for (const [list, talks] of [["room-list", rooms], ["peer-list", peers]]) {
    const told = talks.map(({ key, unread, mentioned }) => [key, unread, mentioned]);
    update($(list), [current, told], () => talks.map(row));
  }
  give($("peers-title"), { hidden: !peers.length });
  tellWaiting([...rooms, ...peers]);
}

/** Where the screen is narrow the lists are behind a button: how much waits in them stands on it. */
function tellWaiting(talks) {
  const sum = (what) => talks.reduce((all, talk) => all + talk[what], 0);
  const waiting = { unread: sum("unread"), mentioned: sum("mentioned") };
  update($("waiting"), waiting, () => (waiting.unread ? [badge(waiting)] : []));
}

function badge({ unread, mentioned }) {
  const title = ngettext("{count} unread", "{count} unread", unread);
  return made("span", { className: mentioned ? "badge mine" : "badge", textContent: mentioned || unread, title });
}

/** Show who is in a conversation; `choose` is called with a nick that is chosen, `all` where the others are wanted. */
export function listPeople(talk, own, choose, all) {
  const names = talk.peer ? [talk.peer, own] : [...talk.here];
  const rest = talk.peer ? 0 : talk.count - talk.here.size;
  const row = (nick) => made("li", {}, nickButton(nick, () => choose(nick), talk.away.has(nick)));
  update($("people-list"), [names, [...talk.away], rest], () => {
    const rows = (talk.peer ? names : names.sort((a, b) => a.localeCompare(b))).map(row);
    const more = () => made("li", {}, button(ngettext("and {count} more", "and {count} more", rest), all, { className: "quiet" }));
    return rest > 0 ? [...rows, more()] : rows;
  });
}

/** Have a list show what is `told`, by the rows that `make` makes, if it does not yet: focus stays where it is. */
function update(list, told, make) {
  const signature = JSON.stringify([spoken(), told]);
  if (list.signature === signature) return;
  const rows = make();
  const focused = [...list.children].findIndex((row) => row.contains(document.activeElement));
  list.signature = signature;
  list.replaceChildren(...rows);
  if (focused >= 0) rows[Math.min(focused, rows.length - 1)]?.querySelector("button")?.focus();
}

const DRAWERS = ["rooms", "people"];

/** Open one of the two lists over the conversation, where the screen is narrow; null: neither. */
export function openDrawer(which) {
  for (const each of DRAWERS) {
    $(each).classList.toggle("open", each === which);
    $(`show-${each}`).setAttribute("aria-expanded", String(each === which));
  }
}

/** Have the buttons open the lists, and what is beside them and Escape close them. */
export function listenToDrawers() {
  for (const each of DRAWERS) {
    $(`show-${each}`).addEventListener("click", () => openDrawer($(each).classList.contains("open") ? null : each));
  }
  $("scroller").addEventListener("click", () => openDrawer(null));
  $("composer").addEventListener("focusin", () => openDrawer(null));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog")) return;
    openDrawer(null);
    $("input").focus();
  });
}
