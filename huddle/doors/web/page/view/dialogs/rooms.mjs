// The rooms that there are, and a way to another one.

import { _ } from "../../words/catalogue.mjs";
import { asked, dialog, field, made, rows, theirs } from "../dom.mjs";

/** Show these rooms; `chat` joins the one that is chosen. */
export function showRooms(chat, listed) {
  const plain = { autocapitalize: "none", autocomplete: "off" };
  const [name, nameRow] = field("room-name", _("Another room, or a new one"), { required: true, ...plain });
  const [key, keyRow] = field("room-key", _("Its key, if it has one"), plain);
  const form = made("form", {}, nameRow, keyRow, made("button", { className: "strong", textContent: _("Go there") }));
  const list = rows(listed.map(({ room }) => ["", () => chat.join(room)]));
  listed.forEach(({ room, count, topic, keyed }, i) => {
    const more = [keyed ? "🔒" : "", String(count), topic || ""].filter(Boolean).join(" · ");
    list.children[i].append(theirs(room), " ", made("small", { className: "quiet" }, theirs(more)));
  });
  const box = dialog(_("Rooms"), list, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    box.close();
    // no name of a room has blanks, nor the sign by which the address and others show one
    chat.join(name.value.trim().replace(/^#(?=.)/, "").replace(/\s+/g, "-"), key.value);
  });
}

/** Ask for the key of a room that is locked. */
export async function askKey(chat, room) {
  const key = { name: "key", label: _("Key"), required: true, autocomplete: "off" };
  const given = await asked(_("{room} has a key", { room }), [key]);
  if (given) chat.join(room, given.key);
}

/** Ask for a key by which a room is to be locked. */
export async function askNewKey(chat) {
  const { room } = chat.talks;
  const given = await asked(_("Lock {room}", { room }), [{ name: "key", label: _("Key"), required: true, autocomplete: "off" }]);
  if (given) chat.ask({ type: "key", room, key: given.key });
}

/** Ask what a room is about. */
export async function askTopic(chat) {
  const { room, here } = chat.talks;
  if (room === null) return;
  const topic = { name: "text", label: _("Topic"), value: here.topic };
  const given = await asked(_("What is {room} about?", { room }), [topic]);
  if (given) chat.ask({ type: "topic", room, text: given.text });
}
