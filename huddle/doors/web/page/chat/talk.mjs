// One conversation as it is shown: a room, or what is said with one person. No input or output.
//
// Messages stand in the order of their seqs, each once, whether they came live, in a replay or by
// `history`. Notices stand where they came. `items` tells what is to be seen, from the top down.

const MOST = 3000; // messages kept of one conversation; older ones are asked for again

/** The name under which a conversation with one person is found. */
export function peerKey(nick) {
  return `@${nick}`;
}

export class Talk {
  /** `key` is a room's name, or `@` and a nick. */
  constructor(key) {
    this.key = key;
    this.peer = key.startsWith("@") ? key.slice(1) : null;
    this.messages = []; // by seq; each has `seq`, `time`, `nick`, `kind`, `text`
    this.notices = []; // each has `behind`, the seq it stands behind, and `number`
    this.here = new Set();
    this.away = new Set();
    this.count = 0;
    this.topic = "";
    this.keyed = this.quiet = false;
    this.slow = 0;
    this.joined = false;
    this.visited = false; // whether something of it was read before one came to it
    this.older = true; // whether there may be older ones than the first here
    this.asked = false; // whether the past was asked for and has not come
    this.read = 0; // the seq up to which all was seen
    this.rule = null; // the seq behind which the unread rule stands
    this.unread = this.mentioned = 0;
    this.draft = "";
    this.met = false; // whether who has that nick now has taken part, and not perhaps one before them
    this.formerly = new Set(); // the keys that it had before the person took another nick
    this._numbers = 0;
  }

  get last() {
    return this.messages.length ? this.messages[this.messages.length - 1].seq : 0;
  }

  get first() {
    return this.messages.length ? this.messages[0].seq : null;
  }

  /** Take a message to its place; tells whether it was new. */
  add(message) {
    const at = this._place(message.seq);
    if (this.messages[at]?.seq === message.seq) return false;
    this.messages.splice(at, 0, message);
    if (this.messages.length > MOST && at > MOST / 2) {
      this.messages.shift();
      this.older = true;
    }
    return true;
  }

  /** Where a message with this seq stands, or would stand. */
  _place(seq) {
    let [low, high] = [0, this.messages.length];
    if (!high || this.messages[high - 1].seq < seq) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.messages[middle].seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The text of a message is gone; its place stays. */
  deleted(seq, by) {
    const at = this._place(seq);
    const message = this.messages[at];
    if (message?.seq === seq) this.messages[at] = { ...message, text: "", kind: "deleted", by };
  }

  /** Something to know now; `time` is when. */
  notice(text, time, loud = false) {
    this.notices.push({ text, time, loud, behind: this.last, number: ++this._numbers });
    if (this.notices.length > 300) this.notices.shift();
  }

  /** The record is another one: what was known of it is void. */
  reset() {
    this.messages = [];
    this.notices = [];
    this.older = true;
    this.read = 0;
    this.rule = null;
  }

  /**
   * A message came; `mention`: it names oneself; `seen`: it is being looked at. What puts another one
   * right is not unread: it has come in the place of what was.
   */
  came({ seq, edits }, mention, seen) {
    if (seen) {
      this.read = Math.max(this.read, seq);
      return;
    }
    if (seq <= this.read || edits) return;
    if (this.rule === null) this.rule = seq - 1;
    this.unread += 1;
    if (this.peer || mention) this.mentioned += 1;
  }

  /** All of it is being looked at; the rule stays until that was over once. */
  look() {
    this.read = Math.max(this.read, this.last);
    this.unread = this.mentioned = 0;
  }

  /** It is not looked at any more. */
  lookAway() {
    this.rule = null;
  }

  /** The own lines that wait for their acknowledgement and belong here. */
  waiting(lines) {
    return lines.filter(({ kind, place }) => {
      const isPrivate = kind === "msg" || kind === "msg-me";
      return isPrivate ? this.peer?.toLowerCase() === place.toLowerCase() : this.key === place;
    });
  }

  /**
   * The messages that are to be seen. What puts one right stands in its place, and `fixed` is its
   * seq; an answer has what it answers with it, as `answered`, if that is here.
   */
  _righted() {
    const fixes = new Map();
    for (const each of this.messages) if (each.edits && this._at(each.edits)) fixes.set(each.edits, each);
    const right = (message) => {
      const fix = fixes.get(message?.seq);
      if (!fix || message.kind === "deleted" || fix.kind === "deleted") return message;
      return { ...message, text: fix.text, mention: fix.mention, fixed: fix.seq };
    };
    return this.messages.filter(({ edits }) => !fixes.has(edits)).map((message) => {
      const shown = right(message);
      return message.re ? { ...shown, answered: right(this._at(message.re)) } : shown;
    });
  }

  _at(seq) {
    const found = this.messages[this._place(seq)];
    return found?.seq === seq ? found : undefined;
  }

  /** What is to be seen: days, the unread rule, messages, blocks, notices, own lines that wait. */
  items(own, dayOf) {
    const items = [];
    const days = new Set();
    const dated = (time) => {
      const its = dayOf(time);
      if (!days.has(its)) items.push({ key: `d${its}`, is: "day", text: its });
      days.add(its);
    };
    let ruled = this.rule === null || this.rule >= this.last;
    let next = 0;
    const notices = this.notices;
    const tell = (isBefore) => {
      for (; next < notices.length && isBefore(notices[next]); next++) {
        dated(notices[next].time);
        items.push({ key: `n${notices[next].number}`, is: "notice", ...notices[next] });
      }
    };
    for (const message of this._righted()) {
      tell((notice) => notice.behind < message.seq && !isOlder(message, notice));
      dated(message.time);
      if (!ruled && message.seq > this.rule) {
        ruled = true;
        items.push({ key: "unread", is: "rule" });
      }
      put(items, message);
    }
    tell(() => true);
    this.waiting(own).forEach((line, i) => {
      const before = items[items.length - 1];
      if (line.block && before?.is === "waiting" && before.block === line.block) before.lines.push(line);
      else items.push({ key: `w${i}${line.text}`, is: "waiting", block: line.block, lines: [line] });
    });
    return items;
  }
}

/** Whether a message was said before a notice came that stands behind none: the past is asked for, and comes later. */
function isOlder({ past, time }, notice) {
  return past && notice.behind === 0 && time < notice.time;
}

/** A line of a pasted block goes to the lines before it; those that are deleted are one. */
function put(items, message) {
  const before = items[items.length - 1];
  const gone = (each) => each?.kind === "deleted";
  if (gone(message)) {
    const alike = gone(before?.message) && message.block && [before.message.seq, before.message.block].includes(message.block);
    if (!alike) items.push({ key: `m${message.seq}`, is: "message", message });
  } else if (message.block && before?.is === "block" && before.block === message.block) {
    before.lines.push(message);
  } else if (message.block && before?.message?.seq === message.block && !gone(before.message)) {
    const lines = [items.pop().message, message]; // the first came before more was to be seen
    items.push({ key: `b${message.block}`, is: "block", block: message.block, lines });
  } else if (message.block) {
    items.push({ key: `b${message.seq}`, is: "block", block: message.block, lines: [message] });
  } else items.push({ key: `m${message.seq}`, is: "message", message });
}
