// The page's elements: found, made, and asked with. A text is only ever a text here, never HTML.

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

/** A dialog with a title. It is gone when it is closed; `close` closes it. */
export function dialog(title, closeLabel, ...inside) {
  const box = made("dialog", { "aria-labelledby": "dialog-title" });
  const shut = button("✕", () => box.close(), { className: "shut", "aria-label": closeLabel });
  box.append(made("h2", { id: "dialog-title", textContent: title }), shut, ...inside);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => event.target === box && box.close());
  document.querySelector("dialog")?.close();
  document.body.append(box);
  box.showModal();
  return box;
}

/**
 * Ask for some fields in a dialog; resolves to their values, or to null. A field has `name`,
 * `label`, and what an input has.
 */
export function askFor(title, fields, okLabel, closeLabel) {
  return new Promise((resolve) => {
    const inputs = fields.map(({ name, label, ...rest }) => {
      const input = made("input", { id: `ask-${name}`, name, autocapitalize: "none", ...rest });
      return [input, made("p", {}, made("label", { htmlFor: input.id, textContent: label }), input)];
    });
    const form = made("form", {}, ...inputs.map(([, row]) => row));
    form.append(made("button", { className: "strong", textContent: okLabel }));
    const box = dialog(title, closeLabel, form);
    let values = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      values = Object.fromEntries(inputs.map(([input]) => [input.name, input.value]));
      box.close();
    });
    box.addEventListener("close", () => resolve(values));
  });
}
