// The link, with sockets that do what the test says, and a clock that it turns.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Link } from "../../../../huddle/doors/web/page/browser/link.mjs";

const sockets = [];
globalThis.location = { href: "http://chat.lan/" };
globalThis.WebSocket = class {
  static OPEN = 1;
  constructor() {
    this.readyState = 0;
    sockets.push(this);
  }

  opens() {
    this.readyState = 1;
    this.onopen();
  }

  close() {
    this.readyState = 3;
  }
};

function linkOf() {
  sockets.length = 0;
  const done = [];
  const does = (name) => () => (done.push(name), []);
  const session = { phase: "offline", deadline: null, take: () => [], connected: does("connected"), disconnected: does("disconnected") };
  const link = new Link(session, () => {}, () => {});
  link.open();
  return { link, done };
}

test("an attempt that neither succeeds nor fails is given up, and there is another one", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { link, done } = linkOf();
  mock.timers.tick(19_000);
  assert.equal(link.retryAt, null);
  mock.timers.tick(1_000);
  assert.equal(sockets[0].readyState, 3);
  assert.notEqual(link.retryAt, null); // the page counts the seconds
  mock.timers.tick(1_000);
  assert.equal(sockets.length, 2);
  sockets[1].opens();
  assert.deepEqual(done, ["disconnected", "connected"]);
});

test("one behind another that has failed has its own time, and when it has succeeded it lasts", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { done } = linkOf();
  mock.timers.tick(15_000);
  sockets[0].onclose();
  mock.timers.tick(1_000);
  mock.timers.tick(15_000); // of the first attempt nothing is left
  assert.equal(sockets[1].readyState, 0);
  sockets[1].opens();
  mock.timers.tick(60_000);
  assert.equal(sockets[1].readyState, 1);
  assert.deepEqual(done, ["disconnected", "connected"]);
});
