// The session's own lines, from being typed to being acknowledged.
//
// A line waits until the session is welcomed; then it gets the next id, is kept, and is sent. It stays
// until it is acknowledged, or refused for good; after every welcome all that are there are said again.

import { bytesOf, clean, linesOf } from "../words/text.mjs";

const BACK_OFF = [0.5, 15]; // seconds before what was not recorded is said again: at first, at most

export class Outbox {
  constructor(effects) {
    this._effects = effects;
    this._open = false;
    this._delay = BACK_OFF[0];
    this._doubtsTold = 0;
    this.limit = 4096; // bytes that the server takes in one text
    this.againAt = null; // when what was not recorded is said again
  }

  /**
   * Take a text: several lines are a block, the blank ones among them; all blank they say nothing.
   * `about`: the message that its first line answers (`re`), or puts right (`edits`).
   */
  say(kind, place, text, about = {}) {
    const parts = linesOf(text).map(clean);
    if (!parts.some((part) => part.trim())) return;
    const together = parts.length > 1 && (kind === "say" || kind === "msg");
    const block = together ? { block: this._freshBlock() } : {};
    const waiting = [];
    for (const part of parts) {
      const line = { kind, place, text: part, ...block, ...(waiting.length ? {} : about) };
      if (bytesOf(part) > this.limit) {
        this._effects.tell("Refused", { line, code: "text-too-long", reason: "" });
      } else if (together || part.trim()) waiting.push(line);
    }
    if (waiting.length) this._effects.note({ waiting: [...this._effects.state.waiting, ...waiting] });
  }

  /** The session has been welcomed. */
  open() {
    this._open = true;
    this._sayAgain();
    this._askAboutDoubts();
  }

  /** The connection is gone, or going: what is said from now on waits for the next one. */
  close() {
    this._open = false;
    this.againAt = null;
  }

  /** Give ids to the lines that wait, and send them, if they may go now; a block has its first one. */
  flush() {
    const { waiting, sent, counter } = this._effects.state;
    if (!this._open || this.againAt !== null || !waiting.length) return;
    const begun = new Map();
    const fresh = waiting.map((line, i) => {
      const id = counter + 1 + i;
      if (!line.block) return [id, line];
      if (!begun.has(line.block)) begun.set(line.block, id);
      return [id, { ...line, block: begun.get(line.block) }];
    });
    this._effects.note({ waiting: [], sent: [...sent, ...fresh], counter: counter + fresh.length });
    for (const [id, line] of fresh) this._effects.put(request(id, line));
  }

  /** The line that was sent under an id, if it waits for its acknowledgement. */
  sentAs(id) {
    return this._effects.state.sent.find(([each]) => each === id)?.[1];
  }

  acknowledged(id, room, seq) {
    this._effects.tell("Acknowledged", { id, line: this.sentAs(id), room, seq });
    this._settle(id);
    this._delay = BACK_OFF[0];
  }

  /** The server does not take a line: not now, or never. */
  refused(id, { code, text: reason }, now) {
    const line = this.sentAs(id);
    if (code === "not-recorded") return this._waitForTheRecord(now);
    this._settle(id);
    if (code === "expired") this._effects.tell("Expired", { line });
    else this._effects.tell("Refused", { line, code, reason });
  }

  tick(now) {
    if (this.againAt !== null && now >= this.againAt) {
      this.againAt = null;
      this._sayAgain();
    }
  }

  /** The server has forgotten the session: what it may have been told is in doubt. */
  doubt() {
    const { doubts, sent } = this._effects.state;
    this._effects.note({ sent: [], doubts: [...doubts, ...sent.map(([, line]) => line)] });
  }

  /** The user's answer to the last `InDoubt`: about its lines, and none that came later. */
  decide(sayAgain) {
    const { doubts, waiting } = this._effects.state;
    const decided = doubts.slice(0, this._doubtsTold);
    this._effects.note({
      doubts: doubts.slice(this._doubtsTold),
      waiting: sayAgain ? [...waiting, ...decided] : waiting,
    });
    this._doubtsTold = 0;
    if (this._open) this._askAboutDoubts();
  }

  /** A number for lines that are said together; no others that are here have it. */
  _freshBlock() {
    const { counter, waiting, doubts } = this._effects.state;
    return 1 + [...waiting, ...doubts].reduce((most, { block }) => Math.max(most, block ?? 0), counter);
  }

  _waitForTheRecord(now) {
    if (this.againAt !== null || !this._open) return;
    if (this._delay === BACK_OFF[0]) this._effects.tell("Delayed", {});
    this.againAt = now + this._delay;
    this._delay = Math.min(2 * this._delay, BACK_OFF[1]);
  }

  _sayAgain() {
    for (const [id, line] of this._effects.state.sent) this._effects.put(request(id, line));
  }

  _askAboutDoubts() {
    const { doubts } = this._effects.state;
    if (doubts.length > this._doubtsTold) {
      this._doubtsTold = doubts.length;
      this._effects.tell("InDoubt", { lines: [...doubts] });
    }
  }

  _settle(id) {
    this._effects.note({ sent: this._effects.state.sent.filter(([each]) => each !== id) });
  }
}

/** A line as it is said. */
function request(id, { kind, place, text, block, re, edits }) {
  if (kind === "announce") return { type: "announce", id, text };
  const about = { ...(re && { re }), ...(edits && { edits }) };
  if (block) {
    const where = kind === "msg" ? { type: "msg", id, to: place } : { type: "say", id, room: place };
    return { ...where, text, block, ...about };
  }
  const how = kind === "me" || kind === "msg-me" ? { kind: "me" } : {};
  if (kind === "msg" || kind === "msg-me") return { type: "msg", id, to: place, text, ...how, ...about };
  return { type: "say", id, room: place, text, ...how, ...about };
}
