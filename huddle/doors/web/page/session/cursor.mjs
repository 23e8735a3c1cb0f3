// A session's place in one room: what it has had, what it said itself, what is missing.
//
// A room's messages are numbered without a hole, and come in order, each once, except the session's
// own, which are acknowledged instead. The acknowledgement may come after messages that follow it,
// so a hole is only counted as missing once nothing that was said waits for its number.

const MOST = 16384; // numbers remembered of one room

export class Cursor {
  /** `had`: the highest number had, null for none; `own`: the numbers of own lines above it. */
  constructor(had = null, own = []) {
    this.had = had;
    this.own = new Set(own);
    this.replayedTo = 0;
    this.start = null;
    this.missing = new Set();
  }

  /** The number after which the server is to go on; null: it chooses. */
  get after() {
    return this.had === null ? this.start : this.had;
  }

  /** The room is entered when its last message is `seq`; `replay` messages come of a new one. */
  enter(seq, replay) {
    this.replayedTo = seq;
    if (this.after === null) this.start = Math.max(0, seq - replay);
  }

  /** A message has come; whether it is a new one, and not an own line. */
  said(seq) {
    if (this.had !== null) {
      if (seq <= this.had) return false;
      this.miss(this.had + 1, seq - 1);
    }
    this.had = seq;
    return !this.own.delete(seq);
  }

  /** The server no longer has these; the part of them that is news, or null. */
  gap(first, last) {
    if (this.had !== null) {
      if (last <= this.had) return null;
      this.miss(this.had + 1, first - 1);
      first = Math.max(first, this.had + 1);
    }
    this.had = last;
    return [first, last];
  }

  /** An own line has its number, which never moves the cursor but may fill a hole. */
  acknowledged(seq) {
    this.missing.delete(seq);
    if (seq > (this.had ?? 0)) this.own.add(seq);
    if (this.own.size > MOST) this.own.delete(this.own.values().next().value);
  }

  /** What the server passed over without a word, as stretches; each is told once. */
  takeMissing() {
    const stretches = [];
    for (const seq of [...this.missing].sort((a, b) => a - b)) {
      const last = stretches[stretches.length - 1];
      if (last && last[1] === seq - 1) last[1] = seq;
      else stretches.push([seq, seq]);
    }
    this.missing.clear();
    return stretches;
  }

  miss(first, last) {
    for (let seq = Math.max(first, last - MOST); seq <= last; seq++) {
      if (!this.own.delete(seq)) this.missing.add(seq);
    }
  }
}
