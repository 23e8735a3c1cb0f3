// The page's elements: found, made, and asked with. A text is only ever a text here, never HTML.

import { _ } from "../words/catalogue.mjs";

/** The element of this id. */
export const $ = (id) => document.getElementById(id);

/** A new element: its properties, and what is in it. */
export function made(tag, properties = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

/** Give an element what it has not yet: what is the same is left alone, and nothing is laid out for it. */
export function give(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) {
      if (element[name] !== value) element[name] = value;
    } else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/** A button that does something. */
export function button(text, does, properties = {}) {
  const element = made("button", { type: "button", textContent: text, ...properties });
  element.addEventListener("click", does);
  return element;
}

/** A name or text of a person, which turns nothing around it. */
export function theirs(text, className = "") {
  return made("bdi", { className, textContent: text });
}

let dialogs = 0; // that there were: one that was closed is in the page until the next frame, as the one before another

/** A dialog with a title, where one begins with the first thing to fill in or choose. It is gone when it is closed. */
export function dialog(title, ...inside) {
  const id = `dialog-title-${++dialogs}`;
  const box = made("dialog", { "aria-labelledby": id, tabIndex: -1 });
  const shut = button("✕", () => box.close(), { className: "shut", "aria-label": _("Close") });
  box.append(made("h2", { id, textContent: title }), shut, ...inside);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => event.target === box && box.close());
  document.querySelector("dialog[open]")?.close();
  document.body.append(box);
  box.showModal();
  (box.querySelector("input, select, .menu button") ?? box).focus();
  return box;
}

/** A list of things to do, `[text, what it does]` each, any of which closes the dialog that it is in. */
export function rows(entries) {
  return made("div", { className: "menu" }, ...entries.map(([text, does]) => button(text, ({ target }) => {
    target.closest("dialog").close();
    does();
  })));
}

/** A dialog that has only such a list. */
export function menu(title, entries) {
  dialog(title, rows(entries));
}

/** A field with its label: the input, and the row of both. */
export function field(id, label, properties = {}) {
  const input = made("input", { id, ...properties });
  return [input, made("p", {}, made("label", { htmlFor: id, textContent: label }), input)];
}

/**
 * Ask for some fields in a dialog; resolves to their values, or to null. A field has `name`,
 * `label`, and what an input has.
 */
export function asked(title, fields) {
  return new Promise((resolve) => {
    const inputs = fields.map(({ name, label, ...rest }) =>
      field(`ask-${name}`, label, { name, autocapitalize: "none", ...rest }));
    const form = made("form", {}, ...inputs.map(([, row]) => row));
    form.append(made("button", { className: "strong", textContent: _("OK") }));
    const box = dialog(title, form);
    let values = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      values = Object.fromEntries(inputs.map(([input]) => [input.name, input.value]));
      box.close();
    });
    box.addEventListener("close", () => resolve(values));
  });
}
