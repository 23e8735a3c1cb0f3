// Everything that is said in words and stands there always.

import { LANGUAGES, _, spoken } from "../words/catalogue.mjs";
import { $, made } from "./dom.mjs";

/** What the keys do in the log. */
export const keys = () => _("In the conversation the arrow keys go from message to message; Enter opens what can be done with one or with who said it, and Escape leads back to where one types.");

/** Say it in the language that is spoken. */
export function label() {
  const texts = {
    welcome: _("A conversation that everybody here can enter."), "nick-label": _("What is your nick?"),
    "password-label": _("Password"), "come-in": _("Come in"), "rooms-title": _("Rooms"),
    "peers-title": _("Private"), "open-rooms": _("More rooms…"), invite: _("Invite…"), newest: _("↓ Newest"), send: _("Send"),
    "people-title": _("Who is here"), keys: keys(),
  };
  for (const [id, text] of Object.entries(texts)) $(id).textContent = text;
  const labels = {
    "show-rooms": _("Rooms"), "open-search": _("Search"), "open-settings": _("Settings"), rooms: _("Rooms"),
    people: _("Who is here"), scroller: _("Conversation"), log: _("Conversation"), input: _("Say something"),
    "door-language": _("Language"), suggestions: _("Commands"),
  };
  for (const [id, text] of Object.entries(labels)) $(id).setAttribute("aria-label", text);
  for (const id of ["open-search", "open-settings", "show-rooms"]) $(id).title = labels[id];
  $("show-people").title = texts["people-title"];
  $("input").placeholder = labels.input;
  $("log").dataset.empty = _("Nothing was said here yet. / lists the commands.");
  const options = Object.entries(LANGUAGES).map(([value, textContent]) => made("option", { value, textContent }));
  $("door-language").replaceChildren(...options);
  $("door-language").value = spoken();
}
