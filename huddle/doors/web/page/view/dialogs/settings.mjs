// What the user chooses: language, colours, how to be called; and the way to what is rarely done.

import { askToNotify, notifies } from "../../browser/calling.mjs";
import { keep, settings } from "../../browser/storage.mjs";
import { LANGUAGES, _, spoken } from "../../words/catalogue.mjs";
import { dialog, made, rows } from "../dom.mjs";
import { askNick, changePassword, login, register } from "./person.mjs";
import { showHelp } from "./reading.mjs";

const DARK = matchMedia("(prefers-color-scheme: dark)");

export function showSettings(chat) {
  const themes = [["", _("as the system has it")], ["light", _("light")], ["dark", _("dark")]];
  const joins = [["null", _("told where few are")], ["false", _("always told")], ["true", _("never told")]];
  dialog(_("Settings"),
    choice("language", _("Language"), Object.entries(LANGUAGES), spoken(), chat.view.setLanguage),
    choice("theme", _("Colours"), themes, settings.theme || "", setTheme),
    choice("joins", _("Who comes and goes"), joins, String(chat.switches["quiet-joins"]),
      (which) => chat.turn("quiet-joins", JSON.parse(which))),
    check("notify", _("Tell me of what is for me while I look elsewhere"), notifies(), askToNotify),
    check("sound", _("And make a sound"), settings.sound),
    rows([
      [_("Change my nick"), () => askNick(chat)], [_("Keep my nick by a password"), () => register(chat)],
      [_("Change my password"), () => changePassword(chat)], [_("Log in"), () => login(chat)],
      [_("Commands"), () => showHelp(chat)], [_("Leave"), () => chat.wishToLeave()],
    ]));
}

function choice(id, label, options, value, changed) {
  const select = made("select", { id });
  select.append(...options.map(([name, text]) => made("option", { value: name, textContent: text })));
  select.value = value;
  select.addEventListener("change", () => changed(select.value));
  return made("p", {}, made("label", { htmlFor: id, textContent: label }), select);
}

/**
 * A setting that is on or off. `whyNot` is asked when it is turned on; where that tells why not, it stays off.
 * It is off until that is known, too: a browser may ask its user, who takes their time.
 */
function check(name, label, on, whyNot = () => "") {
  const box = made("input", { id: name, type: "checkbox", checked: on, "aria-describedby": `why-not-${name}` });
  const reason = made("span", { id: `why-not-${name}`, role: "status" });
  box.addEventListener("change", async () => {
    const wanted = box.checked;
    box.checked = false;
    reason.textContent = "";
    if (wanted) reason.textContent = await whyNot();
    box.checked = wanted && !reason.textContent;
    keep({ [name]: box.checked });
  });
  return made("p", { className: "check" }, box, made("label", { htmlFor: name, textContent: label }), reason);
}

/** Take these colours: `light`, `dark`, or those of the system. */
export function setTheme(theme) {
  keep({ theme });
  const dark = theme ? theme === "dark" : DARK.matches;
  document.documentElement.classList.toggle("dark", dark);
}

/** Follow the system's colours where it changes them. */
export function followSystem() {
  DARK.addEventListener("change", () => setTheme(settings.theme));
}
