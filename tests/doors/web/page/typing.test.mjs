// What is typed: what it means, what it is completed to, and what is had again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { commandsLike, duration, meaning } from "../../../../huddle/doors/web/page/typing/commands.mjs";
import { NickCompletion, namesLike, suggestions } from "../../../../huddle/doors/web/page/typing/completion.mjs";
import { Recall } from "../../../../huddle/doors/web/page/typing/recall.mjs";
import { Talk } from "../../../../huddle/doors/web/page/chat/talk.mjs";
import { keepDraft, keptDraft } from "../../../../huddle/doors/web/page/browser/storage.mjs";

const ROWS = [
  "help ayuda", "me yo", "msg privado", "join entrar", "leave dejar", "topic tema", "kick echar",
  "ban vetar", "mute callar", "slow lento", "quiet silencio", "key llave", "login acceder",
  "ignore ignorar", "search buscar",
].map((names) => ({ names: names.split(" "), takes: "X", summary: "" }));

const meant = (text, room = "ops") => meaning(text, ROWS, room);

test("what is no command is said, and two slashes say one", () => {
  assert.deepEqual(meant("hola"), { say: "hola" });
  assert.deepEqual(meant("//help"), { say: "/help" });
  assert.deepEqual(meant("a /help"), { say: "a /help" });
});

test("a command with a secret is one behind blanks, and no other is", () => {
  for (const command of ["/login ana a-secret", "/acceder ana a-secret", "/key a-secret", "/join ops a-secret"]) {
    assert.deepEqual(meant(` \n ${command}`), meant(command));
    assert.equal(meant(command).say, undefined);
  }
  for (const text of [" /me waves", "  /sing", " / x", "a /login ana a-secret", " //login"]) {
    assert.deepEqual(meant(text), { say: text });
  }
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
    type: "ban", room: "ops", who: "bob", typed: "1h 30m enough",
  });
  assert.deepEqual(asked("/mute bob too loud"), {
    type: "mute", room: "ops", nick: "bob", typed: "too loud",
  });
  assert.deepEqual(asked("/slow 5s"), { type: "slow", room: "ops", seconds: 5 });
  assert.deepEqual(asked("/slow off"), { type: "slow", room: "ops", seconds: 0 });
  assert.equal(meant("/slow soon").misused.names[0], "slow");
  assert.deepEqual(asked("/quiet on"), { type: "quiet", room: "ops", on: true });
  assert.deepEqual(asked("/key -"), { type: "key", room: "ops", key: null });
  assert.deepEqual(meant("/key"), { page: "key" });
  assert.equal(meant("/key", null).misused.names[0], "key");
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
  for (const text of ["hello", "41 hello", "#41", "#0 hello", "#hello all"]) {
    assert.deepEqual(meaning(`/fix ${text}`, rows, "ops"), { page: "fix", text });
  }
  for (const [number, room, its] of [["#41", "ops", "ops"], ["#41", null, "@"], ["@41", "ops", "@"]]) {
    assert.deepEqual(meaning(`/corregir ${number}  hello\n  all`, rows, room),
      { page: "fix", text: "hello\n  all", which: { room: its, seq: 41 } });
  }
  assert.deepEqual(meaning("/raw 41", rows, "ops"), { request: { type: "raw", room: "ops", seq: 41 } });
  for (const [number, room] of [["41", null], ["#41", null], ["@41", null], ["@41", "ops"]]) {
    assert.deepEqual(meaning(`/raw ${number}`, rows, room), { request: { type: "raw", room: "@", seq: 41 } });
    assert.deepEqual(meaning(`/re ${number} yes`, rows, room), { answer: "yes", re: 41 });
  }
  for (const [text, room] of [["/raw it", "ops"], ["/raw 0", "ops"], ["/raw @", null], ["/re 41", "ops"], ["/re yes", "ops"], ["/re @41 ", null], ["/fix", "ops"]]) {
    assert(meaning(text, rows, room).misused, text);
  }
});

test("a command that takes nothing asks for what its row says, in the room where one is", () => {
  const rows = [{ names: ["hush", "chitar"], takes: "", summary: "", type: "hush" }];
  assert.deepEqual(meaning("/chitar", rows, "ops"), { request: { type: "hush", room: "ops" } });
  assert.deepEqual(meaning("/hush", rows, null), { request: { type: "hush", room: "@" } }); // and is refused
});

test("durations are read as all of Huddle reads them", () => {
  assert.equal(duration("2 hours"), 7200);
  assert.equal(duration("1h30m"), 5400);
  assert.equal(duration("10min"), 600);
  for (const none of ["ten", "2 hours, then", "1h 2h", "5m 1h", "-5m", "1h 30", "10mi", ""]) assert.equal(duration(none), null);
});

test("commands are completed in the language that is spoken, and understood in the other", () => {
  assert.deepEqual(commandsLike(ROWS, "e", "es").map(({ name }) => name), ["entrar", "echar"]);
  assert.deepEqual(commandsLike(ROWS, "jo", "es").map(({ name }) => name), ["join"]);
});

test("what else a command is called is understood, and completed to what it is called", () => {
  const rows = [{ names: ["numbers", "numeros", "números"], takes: "" }, { names: ["quit", "salir", "exit", "q"], takes: "" }];
  assert.deepEqual(meaning("/q", rows, "ops"), { page: "quit", text: "" });
  assert.deepEqual(meaning("/NÚMEROS no", rows, "ops"), { turn: "numbers", on: false });
  for (const [typed, language, name] of [["nú", "es", "numeros"], ["nú", "en", "numbers"], ["ex", "en", "quit"], ["ex", "es", "salir"]]) {
    assert.deepEqual(commandsLike(rows, typed, language).map((each) => each.name), [name]);
  }
});

test("a password of several words registers no nick, and one word is wanted where one is", () => {
  const rows = ["register", "password", "op", "lang", "numbers"].map((name) => ({ names: [name], takes: "" }));
  for (const text of ["/register correct horse battery", "/password a b c", "/op bob too", "/lang", "/lang xx", "/numbers constructor"]) {
    assert(meaning(text, rows, "ops").misused, text);
  }
  assert.deepEqual(meaning("/lang ES", rows, "ops"), { page: "lang", text: "es" });
});

test("nicks are completed, who spoke last first, and never one's own", () => {
  const talk = new Talk("huddle");
  talk.here = new Set(["alba", "ana", "ada"]);
  talk.add({ seq: 1, text: "x", nick: "alex", kind: "say", time: "" });
  assert.deepEqual(namesLike("A", talk, "ana"), ["alex", "ada", "alba"]);
});

const NICKS = (typed) => ["bob", "bert"].filter((name) => name.startsWith(typed));

/** The texts that one Tab after the other makes of this, before whose end so much stands behind the cursor. */
function tabs(text, behind = 0, completion = new NickCompletion()) {
  const texts = [];
  for (let at = text.length - behind; ; ) {
    const found = completion.next(text, at, NICKS);
    if (!found) return texts;
    text = text.slice(0, found.from) + found.name + text.slice(at);
    at = found.from + found.name.length;
    texts.push(text);
  }
}

test("asked again, a nick is completed to the next one that fits; behind the last comes what was typed, and then Tab leads on", () => {
  assert.deepEqual(tabs("b"), ["bob: ", "bert: ", "b"]);
  assert.deepEqual(tabs("hi be, you", 5), ["hi bert , you"]);
  for (const nothing of ["hi ", ""]) assert.deepEqual(tabs(nothing), [], nothing);
});

test("a nick is completed behind a sign for it, and behind the marks that open something", () => {
  assert.deepEqual(tabs("@bo"), ["@bob "]);
  assert.deepEqual(tabs("hi @bo"), ["hi @bob "]);
  for (const mark of ["(", "[", "\"", "'", "«", "“", "¿", "¡", "(¿", "(@"]) {
    assert.deepEqual(tabs(`${mark}bo`), [`${mark}bob`], mark);
    assert.deepEqual(tabs(`is it ${mark}bo`), [`is it ${mark}bob`], mark);
  }
  assert.deepEqual(tabs("@"), ["@bob ", "@bert ", "@"]);
});

test("a word that is no nick takes one Tab, and says so; one that is asked to leads on at once", () => {
  for (const word of ["x", "@x", "(", ":-("]) assert.deepEqual(tabs(word), [word]);
  const completion = new NickCompletion();
  assert.deepEqual(completion.next("x", 1, NICKS), { name: "x", from: 0, isVain: true });
  assert.equal(completion.next("b", 1, NICKS).isVain, false);
  completion.done("b", 1);
  assert.deepEqual(tabs("b", 0, completion), []);
});

test("commands are suggested while their names are typed, those that one may use", () => {
  const names = (text, may = () => true) => suggestions(text, ROWS, "en", may).map(({ name }) => name);
  assert.deepEqual(names("/m"), ["me", "msg", "mute"]);
  assert.deepEqual(names("/m", (name) => name !== "mute"), ["me", "msg"]);
  assert.equal(names("/").length, ROWS.length);
  for (const text of ["m", "//m", "/me ", "a /m", ""]) assert.deepEqual(names(text), [], text);
});

test("what was typed is had again, and an empty field behind the last", () => {
  const recall = new Recall();
  assert.equal(recall.older(""), null);
  recall.add("one");
  recall.add("two");
  assert.equal(recall.older("half a line"), null);
  assert.deepEqual([recall.older(""), recall.older("two"), recall.older("one")], ["two", "one", null]);
  assert.deepEqual([recall.newer(), recall.newer(), recall.isBack], ["two", "", false]);
});

test("what is being typed outlives a reload, but no command does: a password may stand behind one", () => {
  globalThis.sessionStorage = {};
  for (const [text, kept] of [["hola", true], [" /x", false], ["/login x", false], ["／login x", false], ["\u3000／x", false], ["a /b", true]]) {
    keepDraft("huddle", text);
    assert.deepEqual(keptDraft(), kept ? ["huddle", text] : []);
  }
});

test("what is done to a room is done to none where one talks to one person, and not to the first one", () => {
  const row = (name) => [{ names: [name], takes: "" }];
  for (const line of ["/topic x", "/kick bob", "/ban bob", "/unban bob", "/mute bob", "/voice bob", "/slow 5", "/quiet on"]) {
    const { request } = meaning(line, row(/\w+/.exec(line)[0]), null);
    assert.equal(request.room, "@", line);
  }
});
