// The field in which one types, on a page of which there is no more than its elements: what was pasted stays so.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { keepDraft, keptDraft } from "../../../../huddle/doors/web/page/browser/storage.mjs";

const element = () => ({
  value: "", rows: 1, hidden: true, selectionStart: 0, selectionEnd: 0, listeners: {},
  addEventListener(name, listener) { this.listeners[name] = listener; },
  setAttribute(name, value) { this[name] = value; }, removeAttribute(name) { delete this[name]; }, focus() {},
  children: [], replaceChildren(...all) { this.children = all; }, append() {}, scrollIntoView() {},
});
const elements = {};
globalThis.document = { getElementById: (id) => (elements[id] ??= element()), createElement: element };
globalThis.sessionStorage = {};
const { Composer } = await import("../../../../huddle/doors/web/page/view/composer.mjs");

const PATHS = "/etc/passwd\n/etc/hosts";
const SECRET = "/msg bob a secret\nand more";
const rows = ["rooms salas", "raw crudo", "register registrar"].map((names) => ({ names: names.split(" "), takes: "" }));
const chat = { rows, allowed: new Set(), may: () => true, talks: { here: [] }, session: {} };
let sent, composer, field, takes;

beforeEach(() => {
  for (const id of Object.keys(elements)) delete elements[id];
  [sent, takes] = [[], true];
  composer = new Composer(chat, (text, pasted) => (sent.push([text, pasted]), takes));
  field = elements.input;
});

function insert(text) {
  const { value, selectionStart: from, selectionEnd: to } = field;
  field.value = value.slice(0, from) + text + value.slice(to);
  field.selectionStart = field.selectionEnd = from + text.length;
  field.listeners.input();
}

function paste(text) {
  field.listeners.paste({ clipboardData: { getData: () => text } });
  insert(text);
}

function selectAll() {
  field.selectionStart = 0;
  field.selectionEnd = field.value.length;
}

const press = (key) => field.listeners.keydown({ key, preventDefault() {} });

/** Look at a conversation with this draft; returns the one of the conversation before. */
function turnTo(draft) {
  const before = composer.draft;
  composer.draft = draft;
  field.selectionStart = field.selectionEnd = composer.text.length;
  return before;
}

test("lines that are pasted are no command, and a command that is typed is one, in however many lines", () => {
  paste(PATHS);
  press("Enter");
  field.selectionStart = field.selectionEnd = 0;
  insert(SECRET);
  press("Enter");
  assert.deepEqual(sent, [[PATHS, true], [SECRET, false]]);
});

test("what was pasted in one conversation makes nothing of what is typed in another, and is itself there again", () => {
  paste(PATHS);
  const pasted = turnTo(SECRET);
  press("Enter");
  turnTo(pasted);
  press("Enter");
  assert.deepEqual(sent, [[SECRET, false], [PATHS, true]]);
});

test("it is so when it is had again by the arrows, and when it was not taken", () => {
  takes = false;
  paste(PATHS);
  press("Enter");
  takes = true;
  press("Enter");
  press("ArrowUp");
  press("Enter");
  assert.deepEqual(sent, Array(3).fill([PATHS, true]));
});

test("it is so after the page was loaded again, where no typed command is kept", () => {
  paste(PATHS);
  keepDraft("huddle", composer.draft);
  turnTo("");
  const [key, draft] = keptDraft();
  assert.equal(key, "huddle");
  turnTo(draft);
  press("Enter");
  assert.deepEqual(sent, [[PATHS, true]]);
  insert(SECRET);
  keepDraft("huddle", composer.draft);
  assert.deepEqual(keptDraft(), []);
});

test("what is typed or pasted over all of it is what it is itself", () => {
  paste(PATHS);
  selectAll();
  for (const character of SECRET) insert(character);
  press("Enter");
  field.selectionStart = field.selectionEnd = 0;
  insert("something");
  selectAll();
  paste(PATHS);
  press("Enter");
  assert.deepEqual(sent, [[SECRET, false], [PATHS, true]]);
});

test("Enter takes a command that the arrows have come to, and sends where they have come to none", () => {
  insert("/r");
  press("ArrowDown");
  press("ArrowDown");
  press("Enter");
  assert.deepEqual([field.value, sent], ["/raw ", []]);
  for (const keys of [[], ["ArrowUp", "Escape"], ["ArrowDown", "x"]]) {
    composer.draft = "/r";
    for (const key of keys) key === "x" ? insert("") : press(key);
    press("Enter");
  }
  assert.deepEqual(sent, Array(3).fill(["/r", false]));
});

test("Enter that only takes what an input method offers sends nothing, also where Safari says that it is over", () => {
  insert("にほn");
  for (const told of [{ isComposing: true }, { isComposing: false, keyCode: 229 }]) {
    field.listeners.keydown({ key: "Enter", preventDefault() {}, ...told });
    assert.deepEqual(sent, []);
  }
  press("Enter");
  assert.deepEqual(sent, [["にほn", false]]);
});

test("the arrows go through all commands and round, and a reader of the screen is told where they are", () => {
  insert("/r");
  const names = elements.suggestions.children.map(({ name }) => name);
  assert.deepEqual(names, ["rooms", "raw", "register"]);
  const told = ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"].map((key) => {
    press(key);
    const chosen = elements.suggestions.children.filter((each) => each["aria-selected"] === "true");
    assert.deepEqual(chosen.map(({ id }) => id), [field["aria-activedescendant"]]);
    return chosen[0].name;
  });
  assert.deepEqual(told, ["rooms", "raw", "register", "rooms", "register", "raw"]);
  press("Escape");
  assert.equal(field["aria-activedescendant"], undefined);
});

test("Tab takes the command that was come to, or the first one", () => {
  for (const [keys, taken] of [[["Tab"], "/rooms "], [["ArrowUp", "Tab"], "/register "]]) {
    composer.draft = "/r";
    keys.forEach(press);
    assert.equal(field.value, taken);
  }
});
