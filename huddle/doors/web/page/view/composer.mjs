// The field in which one types: it grows, completes commands and nicks, and has again what was sent.

import { usage } from "../typing/commands.mjs";
import { NickCompletion, namesLike, suggestions } from "../typing/completion.mjs";
import { Recall } from "../typing/recall.mjs";
import { _, ngettext, spoken } from "../words/catalogue.mjs";
import { $, made } from "./dom.mjs";

const MEASURED = 6000; // characters, which are more than the field shows
const FEW = 6; // suggestions that are seen at once
const PASTED = "\0"; // before a draft that was pasted with its lines

export class Composer {
  /** `chat` tells what can be completed; `send` is called with a text, and whether it was pasted with its lines
   * into the empty field: then it is no command. It tells whether the text was taken. */
  constructor(chat, send) {
    this._chat = chat;
    this._send = send;
    this._input = $("input");
    this._list = $("suggestions");
    this._chosen = -1; // which suggestion the arrows have come to
    this._pasted = false;
    this._recall = new Recall();
    this._nicks = new NickCompletion();
    this._input.addEventListener("keydown", (event) => this._pressed(event));
    this._input.addEventListener("input", () => this._changed());
    this._input.addEventListener("paste", ({ clipboardData }) => {
      const { selectionStart, selectionEnd } = this._input;
      const rest = this.text.slice(0, selectionStart) + this.text.slice(selectionEnd);
      if (!rest.trim()) this._pasted = clipboardData.getData("text/plain").includes("\n");
    });
    for (const each of [this._input, this._list]) {
      each.addEventListener("blur", ({ relatedTarget }) => relatedTarget === this._list || this._closeSuggestions());
    }
    this._list.addEventListener("mousedown", (event) => event.preventDefault()); // one goes on typing
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
    $("send").addEventListener("pointerdown", (event) => event.preventDefault()); // the keyboard stays
  }

  get text() {
    return this._input.value;
  }

  /** What is typed and not sent yet, for when it is to be had again: it tells whether it was pasted with its lines. */
  get draft() {
    return (this._pasted ? PASTED : "") + this.text;
  }

  set draft(draft) {
    this._have(draft);
    this._changed();
  }

  /** Put a text where the cursor is. */
  insert(text) {
    this._input.setRangeText(text, this._input.selectionStart, this._input.selectionEnd, "end");
    this._input.focus();
    this._changed();
  }

  /** Put a command before what is typed, or before this text where nothing is. */
  begin(command, text = "") {
    this.draft = command + (this.text || text);
    this.focus();
  }

  focus() {
    this._input.focus();
  }

  _submit() {
    const { draft, text, _pasted: pasted } = this;
    if (!text.trim()) return;
    this.draft = ""; // before it leads to another conversation, which has a text of its own
    if (this._send(text, pasted)) this._recall.add(draft);
    else this.draft = draft;
  }

  _changed() {
    this._pasted &&= this.text.includes("\n");
    this._nicks = new NickCompletion();
    this._chosen = -1;
    this._grow();
    this._suggest();
  }

  /** Be as high as the text, which also stands unseen where the field does and wraps there alike. */
  _grow() {
    $("entry").setAttribute("data-text", this.text.slice(0, MEASURED));
  }

  _suggest() {
    const { rows, allowed } = this._chat;
    const may = (name) => !allowed.size || this._chat.may(name);
    const found = suggestions(this.text, rows, spoken(), may);
    if (!found.length) return this._closeSuggestions();
    this._list.replaceChildren(...found.map((each, i) => this._option(each, i)));
    const count = ngettext("{count} command", "{count} commands", found.length);
    this._list.setAttribute("data-count", found.length > FEW ? count : "");
    this._list.hidden = false;
    this._list.scrollTop = 0;
    this._choose(-1);
    return true;
  }

  /** Have one of the suggestions be the one that Enter takes; -1: none. */
  _choose(which) {
    const { [this._chosen]: before, [which]: now } = this._list.children;
    before?.setAttribute("aria-selected", "false");
    now?.setAttribute("aria-selected", "true");
    now?.scrollIntoView({ block: "nearest" });
    this._chosen = which;
    if (now) this._input.setAttribute("aria-activedescendant", now.id);
    else this._input.removeAttribute("aria-activedescendant");
  }

  _option({ row, name }, i) {
    const properties = { id: `suggestion-${i}`, role: "option", "aria-selected": "false" };
    const option = made("li", properties, usage(row, spoken()), " ", made("small", { textContent: row.summary }));
    option.name = name;
    option.addEventListener("click", () => this._complete(name));
    return option;
  }

  _complete(name) {
    this.draft = `/${name} `;
    this._input.focus();
  }

  _completeNick() {
    const { talks, session } = this._chat;
    const at = this._input.selectionStart;
    const found = this._nicks.next(this.text, at, (typed) => namesLike(typed, talks.here, session.nick));
    if (!found) return false;
    this._input.setRangeText(found.name, found.from, at, "end");
    $("news").textContent = found.isVain ? _("No nick here begins so.") : "";
    this._grow();
    return true;
  }

  _pressed(event) {
    // Safari has ended the composing by the time of the Enter that ends it, and tells so by this code alone.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!event.shiftKey && this._does(event.key)) event.preventDefault();
  }

  /** Tells whether the key did something here. */
  _does(key) {
    const options = this._list.hidden ? [] : this._list.children;
    const chosen = options[this._chosen];
    const { length } = options;
    switch (length && { ArrowDown: 1, ArrowUp: -1 }[key]) {
      case 1: this._choose((this._chosen + 1) % length); return true;
      case -1: this._choose((this._chosen < 1 ? length : this._chosen) - 1); return true;
    }
    switch (key) {
      case "Enter":
        if (chosen) this._complete(chosen.name);
        else this._submit();
        return true;
      case "Tab":
        if (!length) return this._completeNick();
        this._complete((chosen ?? options[0]).name);
        return true;
      case "Escape":
        this._nicks.done(this.text, this._input.selectionStart); // Tab leads on
        return this._closeSuggestions();
      case "ArrowUp": return this._have(this._recall.older(this.text));
      case "ArrowDown": return this._recall.isBack && this._have(this._recall.newer());
    }
    return false;
  }

  _closeSuggestions() {
    if (this._list.hidden) return false;
    this._choose(-1);
    this._list.hidden = true;
    return true;
  }

  _have(draft) {
    if (draft === null) return false;
    this._pasted = draft.startsWith(PASTED);
    this._input.value = draft.replace(PASTED, "");
    this._grow();
    return true;
  }
}
