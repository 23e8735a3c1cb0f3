// What one can do with, or to, a person; one's own nick, and its password.

import { peerKey } from "../../chat/talk.mjs";
import { _, ngettext } from "../../words/catalogue.mjs";
import { asked, dialog, field, made, menu } from "../dom.mjs";
import { nickButton } from "../lines.mjs";

/** The menu of a nick: of that person in the room (null: in none) in which it was read, whichever opens meanwhile. */
export function showPerson(chat, nick, room = chat.talks.room) {
  const ask = (request) => () => chat.ask(request);
  if (nick === chat.session.nick) return menu(nick, [[_("Change my nick"), () => askNick(chat)]]);
  const entries = [
    [_("Write privately"), () => chat.go(peerKey(nick))],
    [_("Mention"), () => chat.view.insert(`${nick}: `)],
    [_("Ignore"), ask({ type: "ignore", nick, on: true })],
  ];
  if (chat.allowed.has("whois")) entries.push([_("Who is that?"), ask({ type: "whois", nick })]);
  if (room !== null && chat.may("kick", room)) {
    entries.push(
      [_("Mute for ten minutes"), ask({ type: "mute", room, nick, seconds: 600 })],
      [_("Let speak again"), ask({ type: "unmute", room, nick })],
      [_("Give a voice"), ask({ type: "voice", room, nick, on: true })],
      [_("Send away"), ask({ type: "kick", room, nick, reason: "" })],
      [_("Ban for an hour"), ask({ type: "ban", room, who: nick, seconds: 3600, reason: "" })],
    );
  }
  return menu(nick, entries);
}

/** Who is in a room, by its list of names, each with its menu; of those whom it leaves out one gives the nick. */
export function showPeople(chat, { room, count, here, away }) {
  const person = (nick) => nickButton(nick, () => showPerson(chat, nick, room), away.includes(nick));
  const names = made("ul", { className: "menu names" }, ...here.map((nick) => made("li", {}, person(nick))));
  const gone = away.length ? [made("p", { textContent: _("Away: {names}.", { names: away.join(", ") }) })] : [];
  dialog(`${room} · ${count}`, names, ...gone, ...(count > here.length ? anotherNick(chat, room, count - here.length) : []));
}

function anotherNick(chat, room, rest) {
  const more = made("p", { className: "quiet", textContent: ngettext("and {count} more", "and {count} more", rest) });
  const [nick, row] = field("another-nick", _("Another nick"), { required: true, autocapitalize: "none", autocomplete: "off" });
  const form = made("form", {}, row, made("button", { className: "strong", textContent: _("OK") }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    showPerson(chat, nick.value.trim(), room);
  });
  return [more, form];
}

export async function askNick(chat) {
  const nick = { name: "nick", label: _("Nick"), value: chat.session.nick, required: true };
  const given = await asked(_("Change my nick"), [nick]);
  if (given) chat.does((session) => session.takeNick(given.nick));
}

/** Ask for a password by which the nick is kept. */
export async function register(chat) {
  const password = {
    name: "password", label: _("Password, of 8 characters or more"), type: "password", required: true,
    minLength: 8, autocomplete: "new-password",
  };
  const given = await asked(_("Keep the nick {nick}", { nick: chat.session.nick }), [password]);
  if (given) chat.ask({ type: "register", password: given.password });
}

export async function changePassword(chat) {
  const secret = { type: "password", required: true };
  const given = await asked(_("Change my password"), [
    { name: "old", label: _("Password"), autocomplete: "current-password", ...secret },
    { name: "new", label: _("Password, of 8 characters or more"), minLength: 8, autocomplete: "new-password", ...secret },
  ]);
  if (given) chat.ask({ type: "password", ...given });
}

export async function login(chat) {
  const given = await asked(_("Log in"), [
    { name: "nick", label: _("Nick"), value: chat.session.nick, required: true, autocomplete: "username" },
    { name: "password", label: _("Password"), type: "password", required: true, autocomplete: "current-password" },
  ]);
  if (given) chat.ask({ type: "login", ...given });
}
