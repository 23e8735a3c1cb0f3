// The parts of the page that do no input or output: conversations, commands, colours, words.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { colourOf, sha256 } from "../../../../huddle/doors/web/page/colours.mjs";
import { commandsLike, duration, meaning } from "../../../../huddle/doors/web/page/commands.mjs";
import { Talk, completions } from "../../../../huddle/doors/web/page/talk.mjs";
import { _, choose, ngettext, speak } from "../../../../huddle/doors/web/page/words.mjs";

const ROWS = [
  "help ayuda", "me yo", "msg privado", "join entrar", "leave dejar", "topic tema", "kick echar",
  "ban vetar", "mute callar", "slow lento", "quiet silencio", "key llave", "login acceder",
  "ignore ignorar", "search buscar",
].map((names) => ({ names: names.split(" "), takes: ["X", "Y"], summary: ["", ""] }));

const meant = (text, room = "ops") => meaning(text, ROWS, room);

test("what is no command is said, and two slashes say one", () => {
  assert.deepEqual(meant("hola"), { say: "hola" });
  assert.deepEqual(meant("//help"), { say: "/help" });
  assert.deepEqual(meant("a /help"), { say: "a /help" });
});

test("a command is known by its name in either language", () => {
  assert.deepEqual(meant("/yo saluda"), { act: "saluda" });
  assert.deepEqual(meant("/ME waves"), { act: "waves" });
  assert.deepEqual(meant("/sing"), { unknown: "sing" });
  assert.equal(meant("/me").misused.names[0], "me");
});

test("requests are made of what stands behind it", () => {
  const asked = (text, room) => meant(text, room).request;
  assert.deepEqual(asked("/join games sesame 7"), { type: "join", room: "games", key: "sesame 7" });
  assert.deepEqual(asked("/leave"), { type: "leave", room: "ops" });
  assert.deepEqual(meant("/leave", null), { page: "close" });
  assert.deepEqual(asked("/topic"), { type: "topic", room: "ops" });
  assert.deepEqual(asked("/topic -"), { type: "topic", room: "ops", text: "" });
  assert.deepEqual(asked("/kick bob come back politely"), {
    type: "kick", room: "ops", nick: "bob", reason: "come back politely",
  });
  assert.deepEqual(asked("/ban bob 1h 30m enough"), {
    type: "ban", room: "ops", who: "bob", seconds: 5400, reason: "enough",
  });
  assert.deepEqual(asked("/mute bob too loud"), {
    type: "mute", room: "ops", nick: "bob", seconds: null, reason: "too loud",
  });
  assert.deepEqual(asked("/slow 5s"), { type: "slow", room: "ops", seconds: 5 });
  assert.deepEqual(asked("/slow off"), { type: "slow", room: "ops", seconds: 0 });
  assert.equal(meant("/slow soon").misused.names[0], "slow");
  assert.deepEqual(asked("/quiet on"), { type: "quiet", room: "ops", on: true });
  assert.deepEqual(asked("/key -"), { type: "key", room: "ops", key: null });
  assert.deepEqual(asked("/login potato"), { type: "login", password: "potato" });
  assert.deepEqual(asked("/login ana correct horse"), { type: "login", nick: "ana", password: "correct horse" });
  assert.deepEqual(asked("/ignore"), { type: "ignore" });
  assert.deepEqual(meant("/msg bob ¿qué tal?\nbien"), { tell: "bob", text: "¿qué tal?\nbien" });
  assert.deepEqual(meant("/msg bob"), { page: "open", text: "bob" });
});

test("a message is answered, or put right, by a command", () => {
  const rows = [...ROWS, { names: ["re", "responder"] }, { names: ["fix", "corregir"] }, { names: ["raw", "crudo"] }];
  assert.deepEqual(meaning("/re 41 yes\n  indeed", rows, "ops"), { say: "yes\n  indeed", about: { re: 41 } });
  assert.deepEqual(meaning("/responder #7 sí", rows, "ops"), { say: "sí", about: { re: 7 } });
  assert.deepEqual(meaning("/fix hello", rows, "ops"), { page: "fix", text: "hello" });
  assert.deepEqual(meaning("/raw 41", rows, "ops"), { request: { type: "raw", room: "ops", seq: 41 } });
  for (const [text, room] of [["/raw it", "ops"], ["/raw 41", null], ["/re 41", "ops"], ["/re yes", "ops"], ["/re 41 yes", null], ["/fix", "ops"]]) {
    assert(meaning(text, rows, room).misused, text);
  }
});

test("durations are read as all of Huddle reads them", () => {
  assert.deepEqual(duration("2 hours, then"), [7200, ", then"]);
  assert.deepEqual(duration("10min"), [600, ""]);
  assert.deepEqual(duration("ten"), [null, "ten"]);
});

test("commands are completed in the language that is spoken, and understood in the other", () => {
  assert.deepEqual(commandsLike(ROWS, "e", "es").map(({ name }) => name), ["entrar", "echar"]);
  assert.deepEqual(commandsLike(ROWS, "jo", "es").map(({ name }) => name), ["join"]);
});

test("a digest is that of SHA-256, and a colour that of the terminal client", () => {
  for (const text of ["", "ana", "ñ".repeat(40), "x".repeat(55), "x".repeat(56), "x".repeat(200)]) {
    const wanted = createHash("sha256").update(text).digest("hex");
    const got = sha256(new TextEncoder().encode(text)).map((word) => word.toString(16).padStart(8, "0"));
    assert.equal(got.join(""), wanted);
  }
  assert.equal(colourOf("Ana"), colourOf("ana"));
});

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
  talk.notice("carla joined", "");
  talk.add(said(1));
  talk.notice("carla left", "");
  talk.add(said(2));
  const own = [
    { kind: "say", place: "huddle", text: "a" }, { kind: "say", place: "ops", text: "b" },
    { kind: "msg", place: "huddle", text: "c" },
  ];
  assert.deepEqual(seen(talk, own), ["n1", "d2026-11-20", "m1", "n2", "m2", "w0a"]);
  assert.deepEqual(new Talk("@bob").waiting([{ kind: "msg", place: "bob", text: "d" }]).length, 1);
});

test("what is not seen is counted, and the rule stands before the first of it", () => {
  const talk = new Talk("huddle");
  for (const seq of [1, 2, 3]) talk.add(said(seq, seq === 3 ? "hey ana" : "hola"));
  talk.came(said(1), "ana", true);
  talk.came(said(2), "ana", false);
  talk.came(said(3, "hey ana"), "ana", false);
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

test("nicks are completed, who spoke last first, and never one's own", () => {
  const talk = new Talk("huddle");
  talk.here = new Set(["alba", "ana", "ada"]);
  talk.add(said(1, "x", { nick: "alex" }));
  assert.deepEqual(completions("A", talk, "ana"), ["alex", "ada", "alba"]);
});

test("sentences are said in the language that was chosen", () => {
  assert.equal(choose(["fr", "es-419", "en"]), "es");
  assert.equal(choose(["fr"]), "en");
  speak("es", { "{nick} left": ["{nick} se fue"], "one": ["uno", "{count} unos"] });
  assert.equal(_("{nick} left", { nick: "ana" }), "ana se fue");
  assert.equal(ngettext("one", "{count} ones", 3), "3 unos");
  speak("en", {});
  assert.equal(ngettext("one", "{count} ones", 3), "3 ones");
  assert.equal(_("a {b}", { b: "{c}" }), "a {c}");
});

test("the first line of a block may have come before it was known to be one", () => {
  const talk = new Talk("huddle");
  talk.add(said(1, "a"));
  talk.add(said(2, "b", { block: 1 }));
  assert.deepEqual(seen(talk), ["d2026-11-20", "b1"]);
});
