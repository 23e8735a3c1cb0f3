// The chat, as the page holds it: with the real session, a link that is a list of lines, and
// a view that notes what it was told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../../huddle/doors/web/page/session/session.mjs";
import { freshState } from "../../../../huddle/doors/web/page/session/effects.mjs";
import { Chat } from "../../../../huddle/doors/web/page/chat/chat.mjs";

const ROWS = ["msg privado", "re responder", "fix corregir", "delete borrar", "leave dejar", "me yo", "quit salir",
  "quiet-joins callar-entradas", "times horas", "numbers numeros"]
  .map((names) => ({ names: names.split(" "), takes: "X", summary: "" }));
const TIME = "2026-11-20T18:00:00.000Z";

class House {
  constructor({ looking = true } = {}) {
    this.sent = [];
    this.told = [];
    this.looking = looking;
    this.kept = {};
    this.seq = 0;
    const told = (name) => (...all) => void this.told.push([name, ...all]);
    const banner = (...all) => this.told.push(["banner", ...(this.banner = all)]); // it stays until there is another
    const view = new Proxy({ isPresent: () => this.looking, isLooking: () => this.looking, draft: () => this.draft ?? "", banner },
      { get: (known, name) => known[name] ?? told(name) });
    this.chat = new Chat({
      view,
      storage: { get: (name) => this.kept[name], set: (name, value) => (this.kept[name] = structuredClone(value)) },
      newSession: (nick) => new Session({ state: freshState(), keep() {}, nick, clock: () => 0, freshSecret: () => "s" }),
      newLink: (session, show) => ({
        retryAt: null,
        open: () => this.does((each) => each.connected()),
        does: (what) => this.does(what),
        show, session,
      }),
      now: () => TIME,
    });
    this.chat.rows = ROWS;
  }

  does(what) {
    const { session, link } = this.chat;
    const events = what(session);
    this.sent.push(...session.take().map(JSON.parse));
    link?.show(events);
  }

  hears(...messages) {
    this.does((session) => session.receive(messages.map(JSON.stringify).join("\n")));
  }

  said(text, more = {}) {
    this.seq += 1;
    this.hears({ type: "said", room: "huddle", seq: this.seq, time: TIME, nick: "bob", kind: "say", text, ...more });
  }

  /** What was asked or said since, without its id. */
  asked() {
    return this.sent.splice(0).map(({ id, ...rest }) => rest);
  }

  /** What the view was told of that is more than that something changed. */
  shown() {
    const news = this.told.splice(0).filter(([name]) => !["changed", "banner", "linkChanged"].includes(name));
    return news.map(([name, ...all]) => [name, ...all.filter((each) => typeof each !== "object")].join(" "));
  }
}

async function entered(options) {
  const house = new House(options);
  house.chat.begin("ana");
  await welcome(house);
  return house;
}

async function welcome(house, rooms = { huddle: { seq: house.seq, count: 2, here: ["bob"] } }) {
  house.hears({ type: "welcome", v: 1, nick: "ana", epoch: "e", last_id: 0, rooms, limits: { text: 4096 } });
  await Promise.resolve();
  house.asked();
  house.shown();
}

test("who is let in asks what they may do, and for the past of where they are", async () => {
  const house = new House();
  house.chat.begin("ana");
  assert.equal(house.asked()[0].type, "hello");
  house.hears({ type: "welcome", v: 1, nick: "ana", epoch: "e", last_id: 0, rooms: { huddle: { seq: 9, count: 1 } } });
  await Promise.resolve();
  assert.deepEqual(house.asked().map(({ type, room }) => [type, room]), [["help", undefined], ["history", "huddle"]]);
  assert.deepEqual(house.shown(), ["enterHouse", "opened"]);
});

test("who presses again to come in while the link waits has it try at once", () => {
  const house = new House();
  house.chat.enter("ana");
  house.does((session) => session.disconnected());
  house.asked();
  house.chat.enter("anna");
  assert.deepEqual(house.asked().map(({ type, nick }) => [type, nick]), [["hello", "anna"]]);
});

test("a room of the address is gone to once, and no reconnection leads away from where one is", async () => {
  const house = new House();
  house.chat.wanted = "games";
  house.chat.begin("ana");
  house.hears({ type: "welcome", v: 1, nick: "ana", epoch: "e", last_id: 0, rooms: { huddle: { seq: 0, count: 1 } } });
  await Promise.resolve();
  const join = house.sent.find(({ type }) => type === "join");
  assert.equal(join.room, "games");
  house.hears({ type: "reply", id: join.id, room: "games", seq: 0, count: 1, here: [] });
  assert.equal(house.chat.talks.current, "games");
  assert.equal(house.chat.may("kick"), true); // who makes a room is its host
  house.chat.go("@bob");
  house.does((session) => session.disconnected());
  house.does((session) => session.connected());
  house.shown();
  house.hears({ type: "welcome", v: 1, nick: "ana", epoch: "e", last_id: 0, rooms: { huddle: { seq: 0, count: 1 } } });
  await Promise.resolve();
  assert.equal(house.chat.talks.current, "@bob");
  assert.deepEqual(house.shown(), ["enterHouse"]); // what is typed there, and where one reads, stays
});

test("what is for one while one looks elsewhere is counted and called for, and a fix of it is not", async () => {
  const house = await entered({ looking: false });
  house.said("hello");
  assert.deepEqual(house.shown(), []);
  house.said("hey ana");
  assert.deepEqual(house.shown(), ["call"]);
  house.said("hey ana!", { edits: 2 });
  house.said("ana, at last", { edits: 1 });
  house.hears({ type: "said", room: "@", seq: 1, time: TIME, nick: "carla", kind: "say", text: "psst" });
  assert.deepEqual(house.shown(), ["call"]);
  const { talks } = house.chat;
  assert.deepEqual([talks.here.unread, talks.here.mentioned, talks.mentioned], [2, 1, 2]);
  house.looking = true;
  house.chat.looked();
  assert.deepEqual([talks.here.unread, talks.mentioned, house.kept.seen], [0, 1, { huddle: 4 }]);
});

test("what the house tells everybody stands under its day, behind the past that is asked for then", async () => {
  const house = await entered();
  house.chat.talks.of("huddle").asked = false;
  house.hears({ type: "motd", lines: ["Be kind."] });
  house.hears({ type: "said", room: "huddle", seq: 1, time: "2026-11-19T18:00:00.000Z", nick: "bob", kind: "say", text: "x" });
  house.chat.talks.here.messages[0].past = true;
  assert.deepEqual(house.chat.talks.here.items([], (time) => time.slice(0, 10)).map(({ key }) => key),
    ["d2026-11-19", "m1", "d2026-11-20", "n1"]);
});

test("whoever comes to a room for the first time has missed nothing", async () => {
  const house = new House();
  house.chat.begin("ana");
  await welcome(house, { huddle: { seq: 3, count: 2, here: ["bob"] } });
  for (const text of ["one", "two", "three", "come since"]) {
    house.said(text);
    house.chat.looked();
  }
  const { here } = house.chat.talks;
  assert.deepEqual([here.rule, here.unread, here.read], [null, 0, 4]);
});

test("the rule stands before what was said while one was not here, however soon one looks", async () => {
  const house = await entered();
  house.said("while here");
  house.chat.looked();
  house.does((session) => session.disconnected());
  house.does((session) => session.connected());
  await welcome(house, { huddle: { seq: 3, count: 2, here: ["bob"] } });
  house.said("missed");
  house.said("missed, too");
  house.said("come since");
  const { here } = house.chat.talks;
  assert.deepEqual([here.rule, here.unread, here.read], [1, 2, 4]);
  house.chat.looked();
  assert.deepEqual([here.rule, here.unread, here.read], [1, 0, 4]);
});

test("what was missed is behind the rule also where the past comes before it", async () => {
  const house = await entered();
  house.said("while here");
  house.chat.looked();
  house.does((session) => session.disconnected());
  house.does((session) => session.connected());
  house.hears({ type: "welcome", v: 1, nick: "ana", epoch: "e", last_id: 0, rooms: { huddle: { seq: 2, count: 2 } } });
  await Promise.resolve();
  const { id } = house.sent.findLast(({ type }) => type === "history");
  const missed = { type: "said", room: "huddle", seq: 2, time: TIME, nick: "bob", kind: "say", text: "missed" };
  house.hears({ type: "reply", id, messages: [{ ...missed, seq: 1 }, missed], more: false });
  house.chat.looked();
  house.hears(missed);
  const { here } = house.chat.talks;
  assert.deepEqual([here.rule, here.unread, here.read, here.messages.length], [1, 0, 2, 2]);
});

test("an own line waits, is acknowledged, and stands where its number says", async () => {
  const house = await entered();
  assert.equal(house.chat.typed("hola"), true);
  const [{ id, type, text }] = house.sent;
  assert.deepEqual([type, text, house.chat.session.ownLines.length], ["say", "hola", 1]);
  house.said("before", { seq: 1 });
  house.hears({ type: "ack", id, room: "huddle", seq: 2 });
  assert.deepEqual(house.chat.talks.here.messages.map(({ seq, nick, text }) => [seq, nick, text]),
    [[1, "bob", "before"], [2, "ana", "hola"]]);
  assert.equal(house.chat.session.ownLines.length, 0);
});

test("what was pasted is said together, without the blank lines around it", async () => {
  const house = await entered();
  house.chat.typed("\n  \n  def f():\n\n    pass\n\n");
  assert.deepEqual(house.asked().map(({ text }) => text), ["  def f():", "", "    pass"]);
});

test("several lines that were pasted are no command, and behind a command they are for that alone", async () => {
  const house = await entered();
  for (const first of ["/* code */", "/quit", "/usr/bin/python3", "//x", "/msg bob"]) {
    assert.equal(house.chat.typed(`${first}\n\tx`, true), true);
    assert.deepEqual(house.asked().map(({ type, text }) => [type, text]), [["say", first], ["say", "\tx"]]);
  }
  assert.equal(house.chat.typed("/usr/bin/python3\nx"), false);
  assert.deepEqual(house.asked(), []);
  house.chat.typed("/msg bob one\n\n\ttwo");
  assert.deepEqual(house.asked().map(({ type, to, text }) => [type, to, text]).slice(0, 3),
    [["msg", "bob", "one"], ["msg", "bob", ""], ["msg", "bob", "\ttwo"]]);
});

test("what cannot be understood stays to be put right", async () => {
  const house = await entered();
  assert.equal(house.chat.typed("/sing"), false);
  assert.equal(house.chat.typed("/me"), false);
  assert.equal(house.chat.talks.here.notices.length, 2);
  assert.deepEqual(house.asked(), []);
});

test("the last line of one's own is put right, where it has a number", async () => {
  const house = await entered();
  house.chat.typed("/fix hola");
  assert.deepEqual([house.asked(), house.chat.talks.here.notices.length], [[], 1]);
  house.chat.typed("ola");
  house.chat.typed("/fix hola"); // still on its way
  const [{ id }] = house.sent;
  assert.equal(house.sent.length, 1);
  house.hears({ type: "ack", id, room: "huddle", seq: 5 });
  house.asked();
  house.chat.typed("/fix hola");
  assert.deepEqual(house.asked(), [{ type: "say", room: "huddle", text: "hola", edits: 5 }]);
});

test("a message is deleted by its number, with its block, or the last one of a nick", async () => {
  const house = await entered();
  house.said("one");
  house.said("two");
  for (const which of ["1", "#1", "@1", "bob", ""]) house.chat.typed(`/delete ${which}`);
  assert.deepEqual(house.asked(), [
    { type: "delete", room: "huddle", seq: 1, block: true }, { type: "delete", room: "huddle", seq: 1, block: true },
    { type: "delete", room: "@", seq: 1, block: true }, { type: "delete", room: "huddle", seq: 2 },
  ]);
  house.hears({ type: "deleted", room: "huddle", seq: 2, nick: "bob" });
  assert.equal(house.chat.talks.here.messages[1].text, "");
});

test("what one person is told is a conversation of its own", async () => {
  const house = await entered();
  house.chat.typed("/msg bob psst");
  assert.deepEqual(house.asked()[0], { type: "msg", to: "bob", text: "psst" });
  assert.equal(house.chat.talks.current, "@bob");
  house.chat.typed("still there?");
  assert.deepEqual(house.asked(), [{ type: "msg", to: "bob", text: "still there?" }]);
});

test("what is private is answered by its number, from wherever one is, and put right where it was said", async () => {
  const house = await entered();
  house.said("psst", { room: "@", seq: 4 });
  house.said("me too", { room: "@", seq: 5, nick: "kim" });
  house.asked();
  house.chat.typed("/re @4 yes?");
  assert.equal(house.chat.talks.current, "@bob");
  house.chat.typed("/re 4 what is it?");
  for (const typed of ["/re 5 not hers", "/re 9 nobody's", "/fix on its way"]) house.chat.typed(typed);
  assert.deepEqual(house.asked().filter(({ type }) => type === "msg"), [
    { type: "msg", to: "bob", text: "yes?", re: 4 }, { type: "msg", to: "bob", text: "what is it?", re: 4 },
  ]);
  assert.deepEqual(house.chat.talks.here.notices.map(({ text }) => text), [
    "There is no such message here.", "There is no such message here.", "Your last line is still on its way; try it again.",
  ]);
  const [first, second] = house.chat.session.state.sent.map(([id]) => id);
  house.hears({ type: "ack", id: first, room: "@", seq: 6 }, { type: "ack", id: second, room: "@", seq: 7 });
  house.chat.typed("/fix what was it?");
  assert.deepEqual(house.asked(), [{ type: "msg", to: "bob", text: "what was it?", edits: 7 }]);
  house.hears({ type: "ack", id: house.chat.session.state.sent[0][0], room: "@", seq: 8 });
  const shown = house.chat.talks.here.items([], () => "").filter(({ is }) => is === "message");
  assert.deepEqual(shown.map(({ message: { text, fixed, answered } }) => [text, fixed, answered?.text]), [
    ["psst", undefined, undefined], ["yes?", undefined, "psst"], ["what was it?", 8, "psst"],
  ]);
});

test("a conversation with one person goes on under their new nick, and whatever capitals it is written in", async () => {
  const house = await entered();
  house.said("psst", { room: "@", seq: 4 });
  house.chat.typed("/msg BOB yes?");
  assert.deepEqual(house.chat.talks.peers.map(({ key }) => key), ["@bob"]);
  assert.equal(house.chat.talks.here.items(house.chat.session.ownLines, () => "").at(-1).is, "waiting");
  for (const room of ["huddle", "ops"]) house.hears({ type: "renamed", room, nick: "bob", new: "rob" });
  house.said("it is me", { room: "@", seq: 6, nick: "rob" });
  house.asked();
  house.chat.typed("I see");
  house.chat.typed("/re 4 what is it?");
  const sent = house.asked().filter(({ type }) => type === "msg");
  assert.deepEqual(sent, [{ type: "msg", to: "rob", text: "I see" }, { type: "msg", to: "rob", text: "what is it?", re: 4 }]);
  const { peers, here } = house.chat.talks;
  assert.deepEqual(peers.map(({ key, peer }) => [key, peer]), [["@rob", "rob"]]);
  assert.deepEqual(here.messages.map(({ text }) => text), ["psst", "it is me"]);
  house.chat.close("@ROB");
  assert.deepEqual([house.chat.talks.current, house.chat.talks.peers], ["huddle", []]);
});

const NEW_BOB = {
  "came": [{ type: "left", room: "huddle", nick: "bob" }, { type: "joined", room: "huddle", nick: "bob" }],
  "was called otherwise": [
    { type: "left", room: "huddle", nick: "bob" }, { type: "renamed", room: "huddle", nick: "kim", new: "bob" },
  ],
};

for (const [how, events] of Object.entries(NEW_BOB)) {
  test(`a stranger with a nick of before, who ${how}, does not take the conversation along`, async () => {
    const house = await entered();
    house.said("psst", { room: "@", seq: 4 });
    house.chat.go("@bob");
    house.hears(...events, { type: "renamed", room: "huddle", nick: "bob", new: "mallory" });
    const { talks } = house.chat;
    assert.deepEqual([talks.current, talks.peers.map(({ key }) => key)], ["@bob", ["@bob"]]);
    house.said("it is me again", { room: "@", seq: 5 });
    house.hears({ type: "renamed", room: "huddle", nick: "bob", new: "rob" });
    assert.deepEqual(talks.peers.map(({ key }) => key), ["@rob"]);
  });
}

test("a conversation of the past is not that of a stranger who has the nick when the connection is made anew", async () => {
  const house = await entered();
  house.said("psst", { room: "@", seq: 4 });
  house.does((session) => session.disconnected());
  house.does((session) => session.connected());
  house.hears({ type: "welcome", v: 1, nick: "ana", epoch: "e", last_id: 0, rooms: { huddle: { seq: 0, count: 2, here: ["bob"] } } });
  house.hears({ type: "renamed", room: "huddle", nick: "bob", new: "mallory" });
  assert.deepEqual(house.chat.talks.peers.map(({ key }) => key), ["@bob"]);
});

test("of two people with conversations neither takes that of the other by a nick", async () => {
  const house = await entered();
  house.said("psst", { room: "@", seq: 4 });
  house.said("me too", { room: "@", seq: 5, nick: "kim" });
  house.hears({ type: "renamed", room: "huddle", nick: "bob", new: "kim" });
  assert.deepEqual(house.chat.talks.peers.map(({ key }) => key), ["@bob", "@kim"]);
});

test("what one said under another nick is put right and deleted as one's own", async () => {
  const house = await entered();
  house.chat.typed("helo");
  house.hears({ type: "ack", id: house.chat.session.state.sent[0][0], room: "huddle", seq: 1 });
  house.hears({ type: "renamed", room: "huddle", nick: "ana", new: "eva" });
  house.asked();
  house.chat.typed("/delete");
  house.chat.typed("/fix hello");
  assert.deepEqual(house.asked(), [
    { type: "delete", room: "huddle", seq: 1 }, { type: "say", room: "huddle", text: "hello", edits: 1 },
  ]);
});

test("what the server does not take is had again with what it is about", async () => {
  const house = await entered();
  house.said("one");
  house.chat.typed("/me waves");
  house.hears({ type: "ack", id: house.chat.session.state.sent[0][0], room: "huddle", seq: ++house.seq });
  house.chat.typed("/fix bows");
  house.chat.say("yes", "say", { re: 1 });
  house.shown();
  for (const [id] of house.chat.session.state.sent) house.hears({ type: "error", id, code: "muted", text: "no" });
  assert.deepEqual(house.shown().filter((each) => each.startsWith("giveBack")), ["giveBack /fix #2 bows", "giveBack /re 1 yes"]);
});

test("what puts a message right by its number does so whatever was said since", async () => {
  const house = await entered();
  const acknowledge = (seq, room = "huddle") => house.hears({ type: "ack", id: house.chat.session.state.sent[0][0], room, seq });
  house.chat.typed("/me waves");
  acknowledge(1);
  house.chat.typed("later");
  acknowledge(2);
  house.said("psst", { room: "@", seq: 4 });
  house.asked();
  house.chat.typed("/fix #1 bows"); // as it is had again
  acknowledge(3);
  house.chat.typed("/fix @9 no");
  assert.deepEqual(house.chat.talks.here.notices.map(({ text }) => text), ["There is no such message here."]);
  house.chat.typed("/msg bob /me nods");
  acknowledge(5, "@");
  house.chat.go("huddle");
  house.chat.typed("/fix @5 shakes his head"); // and is there again
  house.chat.typed("/fix #7 older than what is here");
  assert.deepEqual(house.asked().filter(({ edits }) => edits), [
    { type: "say", room: "huddle", text: "bows", kind: "me", edits: 1 },
    { type: "msg", to: "bob", text: "shakes his head", edits: 5 },
    { type: "msg", to: "bob", text: "older than what is here", edits: 7 },
  ]);
});

test("who is sent out of a room is told why where they then are, with what they were typing", async () => {
  const house = await entered();
  house.chat.typed("/msg bob hi");
  house.chat.talks.entered("ops", { names: [], count: 1 }, "ana");
  house.chat.go("ops");
  house.draft = "half a line";
  house.hears({ type: "removed", room: "ops", by: "bob", reason: "" });
  const { here, rooms } = house.chat.talks;
  assert.deepEqual([here.key, here.draft, here.notices.length], ["huddle", "half a line", 1]);
  assert.deepEqual(rooms.map(({ key }) => key), ["huddle"]);
});

test("a room that opens while one types is gone to by whoever has typed nothing since they asked for it", async () => {
  const house = await entered();
  for (const [room, before, since] of [["lan", "half a line", "half a line and more"], ["tea", "half a line", "half a line"]]) {
    house.draft = before;
    house.chat.join(room);
    const join = house.sent.splice(0).find(({ type }) => type === "join");
    house.draft = since;
    house.hears({ type: "reply", id: join.id, room, seq: 0, count: 1, here: [] });
  }
  assert.equal(house.chat.talks.current, "tea");
  assert.deepEqual(house.chat.talks.of("huddle").notices.map(({ text }) => text), ["You are in lan, too."]);
  assert.deepEqual(house.chat.talks.rooms.map(({ key }) => key), ["huddle", "lan", "tea"]);
});

test("a room of the address is gone to by whoever has typed nothing since the page was there, welcome or not", async () => {
  for (const [before, since, where] of [["", "half a line", "huddle"], ["half a line", "half a line", "games"]]) {
    const house = new House();
    house.chat.wanted = "games";
    house.chat.talks.here.draft = before;
    house.chat.goOn("ana");
    house.draft = since;
    house.hears({ type: "welcome", v: 1, nick: "ana", epoch: "e", last_id: 0, rooms: { huddle: { seq: 0, count: 1 } } });
    await Promise.resolve();
    const join = house.sent.find(({ type }) => type === "join");
    house.hears({ type: "reply", id: join.id, room: "games", seq: 0, count: 1, here: [] });
    assert.equal(house.chat.talks.current, where);
  }
});

test("the address leads at once to a room that one is in, also while the link is lost, and not when it is back", async () => {
  const rooms = { huddle: { seq: 0, count: 1 }, lan: { seq: 0, count: 1 } };
  const house = await entered();
  house.does((session) => session.disconnected());
  house.does((session) => session.connected());
  await welcome(house, rooms);
  house.does((session) => session.disconnected());
  house.chat.seek("lan");
  assert.equal(house.chat.talks.current, "lan");
  house.chat.go("huddle");
  house.does((session) => session.connected());
  await welcome(house, rooms);
  assert.equal(house.chat.talks.current, "huddle");
});

test("the past stands above, is asked for once at a time, and ends", async () => {
  const house = await entered();
  house.said("now", { seq: 8 });
  const { talks } = house.chat;
  talks.here.asked = false;
  house.chat.askForPast(talks.here);
  house.chat.askForPast(talks.here);
  const [{ id, before }, ...more] = house.sent;
  assert.deepEqual([before, more], [8, []]);
  const old = { type: "said", room: "huddle", seq: 7, time: TIME, nick: "bob", kind: "say", text: "ana?" };
  house.hears({ type: "reply", id, messages: [old], more: false });
  assert.deepEqual([talks.here.first, talks.here.mentioned], [7, 0]);
  house.asked();
  house.chat.askForPast(talks.here);
  assert.deepEqual(house.asked(), []);
});

test("who comes, goes and is renamed is in the list of names, and counted", async () => {
  const house = await entered();
  house.hears({ type: "joined", room: "huddle", nick: "carla" }, { type: "renamed", room: "huddle", nick: "bob", new: "rob" });
  const { here } = house.chat.talks;
  assert.deepEqual([[...here.here].sort(), here.count], [["ana", "carla", "rob"], 3]);
  house.hears({ type: "left", room: "huddle", nick: "carla" });
  assert.deepEqual([[...here.here].sort(), here.count, here.notices.length], [["ana", "rob"], 2, 3]);
});

test("who comes and goes is told where few are, until one chooses otherwise, which is kept", async () => {
  const house = await entered();
  const { chat } = house;
  const told = (type, more = {}) => {
    const before = chat.talks.here.notices.length;
    house.hears({ type, room: "huddle", nick: "carla", ...more });
    return chat.talks.here.notices.length > before;
  };
  assert.deepEqual([told("joined"), told("left")], [true, true]);
  chat.typed("/quiet-joins on");
  assert.deepEqual([told("joined"), told("left"), told("left", { by: "bob", reason: "" })], [false, false, true]);
  chat.talks.here.count = 25;
  chat.turn("quiet-joins", null);
  assert.deepEqual([told("joined"), house.kept.switches["quiet-joins"]], [false, null]);
  chat.typed("/callar-entradas no");
  assert.deepEqual([told("joined"), house.kept.switches["quiet-joins"]], [true, false]);
  assert.equal(chat.typed("/quiet-joins perhaps"), false);
});

test("numbers and times are shown or not, and once more the other way round", async () => {
  const { chat, kept } = await entered();
  chat.typed("/numbers");
  chat.typed("/times off");
  assert.deepEqual([chat.switches.numbers, chat.switches.times], [true, false]);
  chat.typed("/numbers");
  chat.typed("/horas sí");
  assert.deepEqual([kept.switches.numbers, kept.switches.times], [false, true]);
});

test("another record voids what was known of a room", async () => {
  const house = await entered();
  house.said("old");
  house.hears({ type: "reset", room: "huddle", epoch: "f" });
  assert.deepEqual([house.chat.talks.here.messages.length, house.chat.talks.here.older], [0, true]);
});

test("a refused line is given back, and a room with a key asks for it", async () => {
  const house = await entered();
  house.chat.typed("x");
  house.hears({ type: "error", id: house.sent[0].id, code: "muted", text: "You are muted." });
  assert(house.shown().includes("giveBack x"));
  house.asked();
  house.chat.join("ops");
  house.hears({ type: "error", id: house.chat.session.state.counter, code: "room-locked", text: "It has a key." });
  assert(house.shown().includes("askKey ops"));
});

test("an answer is heard by what was asked for", async () => {
  const house = await entered();
  house.chat.ask({ type: "rooms" });
  house.chat.ask({ type: "help" });
  const [rooms, help] = house.sent;
  house.hears({ type: "reply", id: rooms.id, rooms: [] }, { type: "reply", id: help.id, commands: [{ english: "/kick NICK" }] });
  assert.deepEqual([house.shown(), house.chat.may("kick"), house.chat.may("ban")], [["rooms"], true, false]);
});

test("whether lines in doubt are said again is asked until it is answered, whatever becomes of the link", async () => {
  const house = await entered();
  house.chat.typed("hello");
  house.does((session) => session.disconnected());
  house.does((session) => session.connected());
  house.hears({ type: "error", code: "session-unknown", text: "" });
  await welcome(house);
  house.does((session) => session.disconnected());
  house.does((session) => session.connected());
  await welcome(house);
  const [text, [, again]] = house.banner;
  assert.match(text, /whether 1 line was said/);
  again();
  assert.deepEqual(house.banner, []);
  assert.deepEqual(house.asked().map((each) => each.text), ["hello"]);
});

test("who leaves is asked first where what they have said cannot go out now", async () => {
  const house = await entered();
  house.does((session) => session.disconnected());
  house.chat.typed("to all");
  house.chat.typed("/quit");
  assert.deepEqual(house.shown(), ["askToLeave 1"]);
  house.chat.leave();
  assert.deepEqual(house.shown(), ["leave"]);
});

test("another tab takes the conversation, and it can be had back", async () => {
  const house = await entered();
  house.hears({ type: "error", code: "replaced", text: "You are here elsewhere." });
  assert.equal(house.chat.session.phase, "over");
  const [, , [, takeOver]] = house.told.findLast(([name]) => name === "banner");
  takeOver();
  assert.equal(house.asked().at(-1).type, "hello");
});

test("what came is kept as had when it was drawn, once for all of it", async () => {
  const house = await entered();
  const { session } = house.chat;
  house.chat.drawn();
  for (const text of ["one", "two", "three"]) house.said(text);
  assert.equal(session.state.rooms.huddle ?? 0, 0);
  house.chat.drawn();
  assert.equal(session.state.rooms.huddle, 3);
});

test("what is refused is given back as it was typed, where it was typed", async () => {
  const house = await entered();
  const refused = (typed) => {
    house.chat.typed(typed);
    const { id } = house.sent.findLast(({ type }) => type === "say" || type === "msg");
    return () => house.hears({ type: "error", id, code: "flooding", text: "Slower." });
  };
  for (const text of ["hola", "/me waves", "//help"]) {
    refused(text)();
    assert.deepEqual(house.shown(), [`giveBack ${text}`]);
  }
  const secret = refused("/msg bob a secret");
  house.chat.go("huddle");
  house.shown();
  secret();
  assert.deepEqual(house.shown(), []);
  assert.deepEqual(["@bob", "huddle"].map((key) => house.chat.talks.of(key).draft), ["a secret", ""]);
});

test("a private line that is refused is given back to whom it was meant for, whatever nick they have", async () => {
  const house = await entered();
  house.chat.typed("/msg bob a secret");
  const { id } = house.sent.findLast(({ type }) => type === "msg");
  for (const [nick, now] of [["bob", "rob"], ["rob", "bert"]]) house.hears({ type: "renamed", room: "huddle", nick, new: now });
  house.shown();
  house.hears({ type: "error", id, code: "flooding", text: "Slower." });
  assert.deepEqual(house.shown(), ["giveBack a secret"]);
});

test("what is being typed to a person who takes another nick is kept when the connection is made anew", async () => {
  const house = await entered();
  house.chat.typed("/msg bob psst");
  house.hears({ type: "renamed", room: "huddle", nick: "bob", new: "rob" });
  house.does((session) => session.disconnected());
  house.does((session) => session.connected());
  house.shown();
  house.hears({ type: "welcome", v: 1, nick: "ana", epoch: "e", last_id: 0, rooms: { huddle: { seq: 0, count: 2, here: ["rob"] } } });
  await Promise.resolve();
  assert(!house.shown().includes("opened"));
  assert.equal(house.chat.talks.current, "@rob");
});

test("a tab that wakes takes a turn above what another tab had meanwhile", () => {
  let kept = 20;
  const state = { ...freshState(), secret: "s", turn: 5 };
  const session = new Session({
    state, keep: ({ turn }) => void (kept = turn), nick: "ana", clock: () => 0, freshSecret: () => "s",
    keptTurn: () => kept,
  });
  session.connected();
  assert.equal(JSON.parse(session.effects.take()[0]).turn, 21);
  assert.equal(kept, 21);
});

test("it is told what was done to somebody, and for how long, however that was asked for", async () => {
  const house = await entered();
  const { chat } = house;
  chat.rows = ["mute callar", "ban vetar", "unmute dejarhablar", "raw crudo"].map((names) => ({ names: names.split(" "), takes: "" }));
  const requests = ["/mute bob 5m too loud", "/ban bob 1h, 30m", "/unmute bob", "/raw 1"];
  for (const text of requests) chat.typed(text);
  chat.ask({ type: "mute", room: "huddle", nick: "bob", seconds: 600 }); // by the menu of a nick
  const { here } = chat.talks;
  chat.go("@bob"); // it is told where it was done
  for (const { id, type } of house.sent.splice(0)) if (type !== "history") house.hears({ type: "reply", id });
  const told = here.notices.map(({ text }) => text);
  assert.deepEqual(told, ["bob is muted for 5m", "bob is kept out", "bob may speak again", "bob is muted for 10m"]);
});
