// Words: texts, what is taken out of them and found in them; sentences in each language; colours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, clean, linesOf, mentions, piecesOf } from "../../../../huddle/doors/web/page/words/text.mjs";
import { _, choose, clockTime, dayOf, momentOf, ngettext, speak } from "../../../../huddle/doors/web/page/words/catalogue.mjs";
import { colourOf, crc32 } from "../../../../huddle/doors/web/page/words/colours.mjs";
import { answered } from "../../../../huddle/doors/web/page/words/sentences.mjs";

test("what moves a screen is shown as such, and joiners stay", () => {
  assert.equal(clean("a\u001b[2J\u0000\u202eb\u2066\u2028\ud800c"), "a\ufffd[2J\ufffd\ufffdb\ufffd\ufffd\ufffdc");
  assert.equal(clean("\u200fשלום\u200e\tх"), "שלום\tх");
  assert.equal(clean("👩\u200d💻 می\u200cخواهم"), "👩\u200d💻 می\u200cخواهم");
});

test("lines end where Unicode says, and bytes are those of UTF-8", () => {
  assert.deepEqual(linesOf("a\r\nb\u2028c\u0085d"), ["a", "b", "c", "d"]);
  assert.equal(bytesOf("ñ😀"), 6);
});

function linksIn(text) {
  return piecesOf(text).filter(({ link }) => link).map(({ link }) => link);
}

test("addresses of the web are links, without the end of the sentence around them", () => {
  assert.deepEqual(linksIn("see http://a.example/x, (https://b.example/y_(z)) and https://c.example."), [
    "http://a.example/x", "https://b.example/y_(z)", "https://c.example",
  ]);
  assert.equal(piecesOf("see http://a.example/x!").map(({ text }) => text).join(""), "see http://a.example/x!");
});

test("nothing else is a link", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "xhttp:/a",
    "vbscript:x", "//evil.example", "https://", "http:// a"]) {
    assert.deepEqual(linksIn(text), [], text);
  }
});

test("a nick is mentioned as a word of its own, in whatever case and script", () => {
  for (const text of ["ana", "hey Ana!", "@ana: hola", "(ana)", "¿ana?"]) assert(mentions(text, "ana"), text);
  for (const text of ["banana", "ana_", "anas", "añana", "", "ananás"]) assert(!mentions(text, "ana"), text);
  assert(mentions("سلام علی", "علی"));
  assert(!mentions("x", ""));
});

test("a colour goes by a nick's sum, whatever case it is written in", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926); // as all catalogues of sums have it
  assert.equal(colourOf("Ana"), colourOf("ana"));
});

test("sentences are said in the language that was chosen", () => {
  assert.equal(choose(["fr", "es-419", "en"]), "es");
  assert.equal(choose(["fr"]), "en");
  const sum = (sentence) => crc32(new TextEncoder().encode(sentence)).toString(16); // as the server has it
  speak("es", { [sum("{nick} left")]: "{nick} se fue", [sum("one")]: ["uno", "{count} unos"] });
  assert.equal(_("{nick} left", { nick: "ana" }), "ana se fue");
  assert.equal(ngettext("one", "{count} ones", 3), "3 unos");
  speak("en", {});
  assert.equal(ngettext("one", "{count} ones", 3), "3 ones");
  assert.equal(_("a {b}", { b: "{c}" }), "a {c}");
});

test("a day stands before its month, and hours are counted to 24", () => {
  const time = "2026-11-20T12:02:03.000";
  speak("en", {});
  assert.match(dayOf(time), /^Friday,? 20 November 2026$/);
  assert.match(momentOf(time), /^20 Nov 2026,? 12:02$/);
  speak("es", {});
  assert.match(dayOf(time), /^viernes,? 20 de noviembre de 2026$/);
  assert.equal(clockTime("2026-11-20T00:05:00.000"), "00:05");
  speak("en", {});
});

test("the servers of the house are told each in a line", () => {
  const node = { node: "a", here: true, since: null, standing: "level", behind: 0, people: 2, skew: -0.52 };
  const other = { ...node, node: "b", here: false, standing: "behind", behind: 400, people: 1, skew: null };
  assert.deepEqual(answered({ type: "nodes" }, { nodes: [node, other, { ...other, standing: "constructor" }] }), [
    "a, this one · level · 2 people · clock -0.5 s",
    "b · 400 batches behind · 1 person",
    "b · constructor · 1 person",
  ]);
  assert.equal(answered({ type: "nodes" }, { nodes: [] }).length, 1);
});
