// When the page is drawn, in a window whose time goes as the test says.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Drawing } from "../../../../huddle/doors/web/page/view/drawing.mjs";

class FakeWindow {
  now = 0;
  hidden = false;
  _timers = new Map();
  _frames = new Map();
  _ids = 0;
  performance = { now: () => this.now };
  setTimeout = (does, wait) => (this._timers.set(++this._ids, [this.now + wait, does]), this._ids);
  clearTimeout = (id) => this._timers.delete(id);
  requestAnimationFrame = (does) => (this._frames.set(++this._ids, does), this._ids);
  cancelAnimationFrame = (id) => this._frames.delete(id);

  /** So many milliseconds go by, with a frame in each tenth. */
  passes(milliseconds) {
    for (const end = this.now + milliseconds; this.now < end; this.now++) {
      for (const [id, [time, does]] of [...this._timers]) if (time <= this.now && this._timers.delete(id)) does();
      if (this.now % 10 || this.hidden) continue;
      for (const [id, does] of [...this._frames]) if (this._frames.delete(id)) does();
    }
  }
}

let window, drawn, drawing;

beforeEach(() => {
  window = new FakeWindow();
  drawn = [];
  drawing = new Drawing(() => drawn.push(window.now), window);
  window.passes(1000);
});

test("what has changed is drawn in the next frame, once", () => {
  window.passes(5);
  for (let change = 0; change < 9; change++) drawing.changed();
  window.passes(500);
  assert.deepEqual(drawn, [1010]);
});

test("however much comes, there are ten drawings a second, and the last one has all of it", () => {
  for (let change = 0; change < 1000; change++) {
    drawing.changed();
    window.passes(1);
  }
  assert.equal(drawn.length, 10);
  window.passes(200);
  assert.equal(drawn.at(-1), 2000);
  window.passes(1000);
  assert.equal(drawn.length, 11);
});

test("a window that is hidden is drawn without frames, after a while", () => {
  window.hidden = true;
  drawing.changed();
  window.passes(499);
  assert.deepEqual(drawn, []);
  window.passes(2);
  assert.deepEqual(drawn, [1500]);
  drawing.changed();
  window.passes(700);
  assert.deepEqual(drawn, [1500, 2100]);
  window.hidden = false;
  window.passes(100);
  assert.equal(drawn.length, 2);
});
