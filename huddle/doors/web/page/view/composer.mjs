// The field in which one types: it grows, completes commands and nicks, and has again what was sent.

import { usage } from "../typing/commands.mjs";
import { NickCompletion, namesLike, suggestions } from "../typing/completion.mjs";
import { Recall } from "../typing/recall.mjs";
import { spoken } from "../words/catalogue.mjs";
import { $, give, made } from "./dom.mjs";

const TALLEST = 12; // lines
const PASTED = "\0"; // before a draft that was pasted with its lines

export class Composer {
  /** `stay` tells what can be completed; `send` is called with a text, and whether it was pasted with its lines
   * into the empty field: then it is no command. It tells whether the text was taken. */
  constructor(stay, send) {
    this._stay = stay;
    this._send = send;
    this._input = $("input");
    this._list = $("suggestions");
    this._chosen = 0;
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
    this._grow();
    this._suggest();
  }

  _grow() {
    give(this._input, { rows: Math.min(TALLEST, this.text.split("\n").length) });
  }

  _suggest() {
    const { rows, allowed } = this._stay;
    const may = (name) => !allowed.size || this._stay.may(name);
    const found = suggestions(this.text, rows, spoken(), may);
    if (!found.length && this._list.hidden) return;
    this._chosen = Math.min(this._chosen, Math.max(0, found.length - 1));
    this._list.hidden = !found.length;
    this._list.replaceChildren(...found.map((each, i) => this._option(each, i)));
    if (found.length) this._input.setAttribute("aria-activedescendant", `suggestion-${this._chosen}`);
    else this._input.removeAttribute("aria-activedescendant");
  }

  _option({ row, name }, i) {
    const properties = { id: `suggestion-${i}`, role: "option", "aria-selected": String(i === this._chosen) };
    const option = made("li", properties, usage(row, spoken()), " ", made("small", { textContent: row.summary }));
    option.name = name;
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this._complete(name);
    });
    return option;
  }

  _complete(name) {
    this.draft = `/${name} `;
    this._input.focus();
  }

  _completeNick() {
    const { talks, session } = this._stay;
    const at = this._input.selectionStart;
    const found = this._nicks.next(this.text, at, (typed) => namesLike(typed, talks.here, session.nick));
    if (found) this._input.setRangeText(found.name, found.from, at, "end");
    return Boolean(found);
  }

  _pressed(event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape" ? this._closeSuggestions() : !event.shiftKey && this._does(event.key)) event.preventDefault();
  }

  /** Tells whether the key did something here. */
  _does(key) {
    const options = this._list.hidden ? [] : this._list.children;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && options.length) {
      this._chosen = (this._chosen + step + options.length) % options.length;
      this._suggest();
      return true;
    }
    switch (key) {
      case "Enter": this._submit(); return true;
      case "Tab":
        if (!options.length) return this._completeNick();
        this._complete(options[this._chosen].name);
        return true;
      case "ArrowUp": return this._have(this._recall.older(this.text));
      case "ArrowDown": return this._recall.isBack && this._have(this._recall.newer());
    }
    return false;
  }

  _closeSuggestions() {
    if (this._list.hidden) return false;
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
