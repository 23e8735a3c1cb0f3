// One conversation: what is to be seen of it, and what is unread.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asFound } from "../../../../huddle/doors/web/page/chat/search_results.mjs";
import { Talk } from "../../../../huddle/doors/web/page/chat/talk.mjs";

const said = (seq, text = "hola", more = {}) => ({
  seq, text, nick: "bob", kind: "say", time: `2026-11-${20 + Math.floor(seq / 10)}T18:00:00Z`, ...more,
});

const day = (time) => time.slice(0, 10);

const seen = (talk, own = []) => talk.items(own, day).map(({ key }) => key);

test("messages stand by their seqs, each once, and days between them", () => {
  const talk = new Talk("huddle");
  for (const seq of [8, 11, 9, 11, 3]) talk.add(said(seq));
  assert.deepEqual(seen(talk), ["d2026-11-20", "m3", "m8", "m9", "d2026-11-21", "m11"]);
});

test("notices stand where they came, and own lines that wait at the end", () => {
  const talk = new Talk("huddle");
  talk.notice("carla joined", said(1).time);
  talk.add(said(1));
  talk.notice("carla left", said(1).time);
  talk.add(said(2));
  const own = [
    { kind: "say", place: "huddle", text: "a" }, { kind: "say", place: "ops", text: "b" },
    { kind: "msg", place: "huddle", text: "c" },
  ];
  assert.deepEqual(seen(talk, own), ["d2026-11-20", "n1", "m1", "n2", "m2", "w0a"]);
  assert.deepEqual(new Talk("@bob").waiting([{ kind: "msg", place: "bob", text: "d" }]).length, 1);
});

test("a notice has a day as a message has, and the past that comes behind the first ones stands before them", () => {
  const talk = new Talk("huddle");
  const time = "2026-11-21T17:00:00Z";
  talk.notice("carla joined", time);
  assert.deepEqual(seen(talk), ["d2026-11-21", "n1"]);
  talk.add(said(11, "what was said at once"));
  for (const seq of [8, 9]) talk.add(said(seq, "hola", { past: true }));
  talk.notice("carla left", "2026-11-22T00:01:00Z");
  talk.add(said(12, "while one was away", { past: true }));
  assert.deepEqual(seen(talk), ["d2026-11-20", "m8", "m9", "d2026-11-21", "n1", "m11", "d2026-11-22", "n2", "m12"]);
});

test("what is not seen is counted, and the rule stands before the first of it", () => {
  const talk = new Talk("huddle");
  for (const seq of [1, 2, 3]) talk.add(said(seq, seq === 3 ? "hey ana" : "hola"));
  talk.came(said(1), false, true);
  talk.came(said(2), false, false);
  talk.came(said(3, "hey ana"), true, false);
  talk.came(said(4, "hey anna", { edits: 3 }), true, false); // says nothing new
  assert.deepEqual([talk.unread, talk.mentioned], [2, 1]);
  assert.deepEqual(seen(talk), ["d2026-11-20", "m1", "unread", "m2", "m3"]);
  talk.look();
  assert.deepEqual([talk.unread, talk.mentioned, talk.read], [0, 0, 3]);
  talk.lookAway();
  assert(!seen(talk).includes("unread"));
});

test("lines of a pasted block are one item", () => {
  const talk = new Talk("huddle");
  talk.add(said(1, "a", { block: 1 }));
  talk.add(said(2, "", { block: 1 }));
  talk.add(said(4, "  b", { block: 1 }));
  talk.add(said(5, "c"));
  assert.deepEqual(seen(talk), ["d2026-11-20", "b1", "m5"]);
});

test("what stands between the lines of a block stays there", () => {
  const talk = new Talk("huddle");
  talk.add(said(1, "a", { block: 1 }));
  talk.add(said(2, "of somebody else"));
  talk.add(said(3, "b", { block: 1 }));
  assert.deepEqual(seen(talk), ["d2026-11-20", "b1", "m2", "b3"]);
});

test("a deleted message keeps its place", () => {
  const talk = new Talk("huddle");
  talk.add(said(1));
  talk.deleted(1, "ana");
  assert.deepEqual(talk.messages[0].kind, "deleted");
  assert.equal(talk.messages[0].text, "");
});

test("what puts a message right is shown in its place, and the last of it", () => {
  const talk = new Talk("huddle");
  const shown = () => talk.items([], day).filter(({ is }) => is !== "day")
    .map(({ key, message, lines }) => [key, ...(lines ?? [message]).map(({ text, fixed }) => [text, fixed])]);
  talk.add(said(1, "helo"));
  talk.add(said(2, "a", { block: 2 }));
  talk.add(said(3, "b", { block: 2 }));
  talk.add(said(5, "hello", { edits: 1 }));
  talk.add(said(4, "hllo", { edits: 1 }));
  talk.add(said(6, "B", { edits: 3 }));
  assert.deepEqual(shown(), [["m1", ["hello", 5]], ["b2", ["a", undefined], ["B", 6]]]);
  talk.add(said(9, "older", { edits: 7 }));
  assert.deepEqual(shown().at(-1), ["m9", ["older", undefined]]);
  for (const seq of [1, 4, 5]) talk.deleted(seq, "bob");
  assert.deepEqual(shown()[0], ["m1", ["", undefined]]);
});

test("an answer has with it what it answers, where that is here", () => {
  const talk = new Talk("huddle");
  talk.add(said(1, "soup?"));
  talk.add(said(2, "yes", { re: 1 }));
  talk.add(said(3, "no", { re: 9 }));
  const items = talk.items([], day).filter(({ is }) => is === "message");
  assert.deepEqual(items.map(({ message }) => message.answered?.text), [undefined, "soup?", undefined]);
});

test("a deleted block is one line, and what is left of one stands around it", () => {
  const talk = new Talk("huddle");
  for (const seq of [1, 2, 3, 4]) talk.add(said(seq, "x", seq > 1 ? { block: 1 } : {}));
  talk.deleted(2, "bob");
  talk.deleted(3, "bob");
  assert.deepEqual(seen(talk), ["d2026-11-20", "m1", "m2", "b4"]);
  for (const seq of [1, 4]) talk.deleted(seq, "bob");
  talk.add(said(5));
  talk.deleted(5, "bob");
  assert.deepEqual(seen(talk), ["d2026-11-20", "m1", "m5"]);
});

test("ten thousand messages do not stay", () => {
  const talk = new Talk("huddle");
  for (let seq = 1; seq <= 10000; seq++) talk.add(said(seq, "x", { time: "2026-11-20" }));
  assert(talk.messages.length <= 3000 && talk.older);
});

test("the first line of a block may have come before it was known to be one", () => {
  const talk = new Talk("huddle");
  talk.add(said(1, "a"));
  talk.add(said(2, "b", { block: 1 }));
  assert.deepEqual(seen(talk), ["d2026-11-20", "b1"]);
});

test("what was found is shown once, as it is now", () => {
  const talk = new Talk("huddle");
  const shown = new Set();
  const found = (...messages) => asFound(messages, talk, shown).map(({ seq, text, fixed }) => [seq, text, fixed]);
  talk.add(said(9, "needle, thrice", { edits: 2 }));
  assert.deepEqual(
    found(said(2, "needle"), said(4, "the needle"), said(5, "a needle", { edits: 4 }), said(6, "needles", { edits: 1 })),
    [[1, "needles", 6], [2, "needle, thrice", 9], [4, "a needle", 5]],
  );
  assert.deepEqual(found(said(1, "neddle"), said(3, "needle")), [[3, "needle", undefined]]); // older ones
});
