// The lists beside the conversation: rooms, conversations with one person, and who is here.

import { FIRST_ROOM } from "../session/session.mjs";
import { _, ngettext, spoken } from "../words/catalogue.mjs";
import { $, button, give, made, theirs } from "./dom.mjs";
import { nickButton } from "./lines.mjs";

/** Show all conversations; `go` is called with the key of one that is chosen, `leave` with one that is left. */
export function listTalks({ rooms, peers, current }, go, leave) {
  const row = (talk) => {
    const way = button("", () => go(talk.key));
    way.append(theirs(talk.peer || talk.key));
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
    const entries = talks.map((talk) => ({
      told: [talk.key, talk.key === current], make: () => row(talk), show: (item) => tellUnread(item.firstChild, talk),
    }));
    update($(list), talks.map(({ unread, mentioned }) => [unread, mentioned]), entries);
  }
  give($("peers-title"), { hidden: !peers.length });
  tellWaiting([...rooms, ...peers]);
}

/** Where the screen is narrow the lists are behind a button: how much waits in them stands on it. */
function tellWaiting(talks) {
  const sum = (what) => talks.reduce((all, talk) => all + talk[what], 0);
  tellUnread($("waiting"), { unread: sum("unread"), mentioned: sum("mentioned") });
}

/** Have an element tell at its end how much is unread, if anything is. */
function tellUnread(element, { unread, mentioned }) {
  const badge = element.querySelector(".badge");
  if (!unread) return badge?.remove();
  const shown = badge ?? element.appendChild(made("span"));
  const title = ngettext("{count} unread", "{count} unread", unread);
  give(shown, { className: mentioned ? "badge mine" : "badge", textContent: String(mentioned || unread), title });
}

/** Show who is in a conversation; `choose` is called with a nick that is chosen, `all` where the others are wanted. */
export function listPeople(talk, own, choose, all) {
  const names = talk.peer ? [talk.peer, own] : [...talk.here].sort((a, b) => a.localeCompare(b));
  const rest = talk.peer ? 0 : talk.count - talk.here.size;
  const entries = names.map((nick) => ({
    told: ["nick", nick], make: () => made("li", {}, nickButton(nick, () => choose(nick))),
    show: (item) => item.firstChild.classList.toggle("away", talk.away.has(nick)),
  }));
  const more = { textContent: ngettext("and {count} more", "and {count} more", rest) };
  const others = {
    told: ["rest"], make: () => made("li", {}, button("", all, { className: "quiet" })),
    show: (item) => give(item.firstChild, more),
  };
  update($("people-list"), [[...talk.away], rest], rest > 0 ? [...entries, others] : entries);
}

/**
 * Have a list show these rows: `told` is what one is found by again, `make` makes it, and `show` has it show the rest.
 * One that is there stays the element that it is: else it would lose the focus, or a click whose button is held.
 */
function update(list, told, entries) {
  const signature = JSON.stringify([spoken(), told, entries.map((each) => each.told)]);
  if (list.signature === signature) return;
  list.signature = signature;
  const known = list.known ?? new Map();
  list.known = new Map();
  for (const { told: name, make, show } of entries) {
    const key = JSON.stringify([spoken(), name]);
    const row = known.get(key) ?? make();
    show(row);
    list.known.set(key, row);
  }
  const rows = [...list.known.values()];
  const focused = [...list.children].findIndex((row) => row.contains(document.activeElement));
  for (const [key, row] of known) if (!list.known.has(key)) row.remove();
  let next = list.firstChild;
  for (const row of rows) {
    if (row === next) next = next.nextSibling;
    else list.insertBefore(row, next);
  }
  if (focused >= 0 && !list.contains(document.activeElement)) {
    rows[Math.min(focused, rows.length - 1)]?.querySelector("button")?.focus();
  }
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
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    openDrawer(null);
    $("input").focus();
  });
}
