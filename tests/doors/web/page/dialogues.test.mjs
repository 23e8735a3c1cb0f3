// The page's session holds the dialogues that the Python client holds too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Session } from "../../../../huddle/doors/web/page/session/session.mjs";
import { freshState } from "../../../../huddle/doors/web/page/session/effects.mjs";

const FILE = new URL("../../../client/session/dialogues.json", import.meta.url);
const { bases, dialogues } = JSON.parse(readFileSync(FILE, "utf8"));

class Talk {
  constructor(state = freshState()) {
    this.kept = JSON.stringify(state);
    this.now = 0;
    this.secrets = 0;
    this.open();
  }

  /** What another run of the page would find is what was kept, and no more. */
  open() {
    this.session = new Session({
      state: JSON.parse(this.kept),
      keep: (state) => (this.kept = JSON.stringify(state)),
      nick: "ana",
      clock: () => this.now,
      freshSecret: () => `secret-${++this.secrets}`,
    });
  }

  does(step) {
    const { session } = this;
    switch (step.do) {
      case "connect": return session.connected();
      case "lose": return session.disconnected();
      case "hear": return session.receive(step.messages.map(written).join("\n") + "\n");
      case "say": return session.say(step.text, step.room, step.kind);
      case "tell": return session.tell(step.nick, step.text, step.act, step.about);
      case "ask": return session.ask(step.request);
      case "nick": return session.takeNick(step.nick);
      case "password": return session.takePassword(step.password);
      case "decide": return session.decideDoubts(step.again);
      case "shown": return session.shown();
      case "leave": return session.leave();
      case "reopen": return this.open();
      case "wait": return this.waits(step.seconds);
    }
    assert.fail(`no such step: ${step.do}`);
  }

  waits(seconds) {
    const until = this.now + seconds;
    const events = [];
    while (this.session.deadline !== null && this.session.deadline <= until) {
      this.now = Math.max(this.now, this.session.deadline);
      events.push(...this.session.tick());
    }
    this.now = until;
    return events;
  }
}

function written({ as, ...fields }) {
  return JSON.stringify({ ...(as && bases[as]), ...fields });
}

/** Asserts that these came, each with at least the fields that are named. */
function matches(came, wanted, step) {
  const seen = came.map((each, i) => part(each, wanted[i]));
  assert.deepEqual(seen, wanted, JSON.stringify({ step, came }, null, 1));
}

function part(value, wanted) {
  if (Array.isArray(wanted)) {
    const alike = Array.isArray(value) && value.length === wanted.length;
    return alike ? value.map((each, i) => part(each, wanted[i])) : value;
  }
  if (wanted === null || typeof wanted !== "object") return value;
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, part(value?.[key], wanted[key])]));
}

function holds({ steps }) {
  const talk = new Talk();
  for (const step of steps) {
    const told = talk.does(step) ?? [];
    const sent = talk.session.take().map((line) => JSON.parse(line));
    if (step.tells) matches(told, step.tells, step);
    if (step.sends) matches(sent, step.sends, step);
    for (const field of step.without ?? []) {
      for (const message of sent) assert(!(field in message), `${field} is sent`);
    }
  }
}

for (const dialogue of dialogues) test(dialogue.name, () => holds(dialogue));

// What each object has, and what a room may be called: it begins with a letter.
const COMMON = Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-z]/i.test(name));

for (const name of COMMON) {
  test(`a room may be called ${name}`, () => {
    const called = (value) => JSON.parse(JSON.stringify(value).replaceAll('"ops"', `"${name}"`));
    for (const dialogue of dialogues) holds(called(dialogue));
  });
}
