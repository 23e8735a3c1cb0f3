// Where the session stands in all its rooms: what has come of each, and what has been shown.

import { Cursor } from "./cursor.mjs";
import { under } from "./effects.mjs";

export const FIRST_ROOM = "huddle";
export const INBOX = "@";

export class Cursors {
  /** `replay`: how many messages are wanted of a room that is new. */
  constructor(effects, replay) {
    this._effects = effects;
    this._replay = replay;
    this._cursors = new Map();
    for (const [room, had] of Object.entries(effects.state.rooms)) {
      this._cursors.set(room, new Cursor(had, under(effects.state.own, room)));
    }
  }

  /** The rooms the session is in, or was in and wants back; without its inbox. */
  get rooms() {
    return Object.keys(this._effects.state.rooms).filter((room) => room !== INBOX);
  }

  /** The seq of the last message had of each room, for a hello. */
  after() {
    const known = [...this._cursors].filter(([, cursor]) => cursor.after !== null);
    return Object.fromEntries(known.map(([room, cursor]) => [room, cursor.after]));
  }

  /** The last one had of a room; null for none. */
  afterIn(room) {
    return this._cursors.get(room)?.after ?? null;
  }

  /** The session is in a room, whose last message is `seq`. */
  enter(room, seq) {
    const { rooms } = this._effects.state;
    if (!Object.hasOwn(rooms, room)) this._effects.note({ rooms: { ...rooms, [room]: null } });
    if (seq !== undefined) this._cursor(room).enter(seq, this._replay);
  }

  /** The session is no longer in a room. */
  leave(room) {
    this._cursors.delete(room);
    const { [room]: _had, ...rooms } = this._effects.state.rooms;
    this._effects.note({ rooms, own: this._ownWithout(room) });
  }

  /** Start anew in a room: nothing is known of what was had of it. */
  forget(room) {
    this._cursors.set(room, new Cursor());
    const rooms = { ...this._effects.state.rooms };
    if (Object.hasOwn(rooms, room)) rooms[room] = null;
    this._effects.note({ rooms, own: this._ownWithout(room) });
  }

  /** The session is a new one, with an empty inbox. */
  beginSession() {
    this.forget(INBOX);
    for (const cursor of this._cursors.values()) cursor.takeMissing();
  }

  /** The server's record is this one; another than before knows none of our numbers. */
  useEpoch(epoch) {
    const before = this._effects.state.epoch;
    if (before !== null && before !== epoch) for (const room of [...this._cursors.keys()]) this.forget(room);
    if (before !== epoch) this._effects.note({ epoch });
  }

  said(message) {
    const cursor = this._cursor(message.room);
    if (cursor.said(message.seq)) {
      this._effects.tell("Said", { ...message, past: message.seq <= cursor.replayedTo });
    }
  }

  /** What comes in the place of a message has a time, as that has. */
  deleted(message) {
    const past = message.time !== undefined;
    if (!past || this._cursor(message.room).said(message.seq)) {
      this._effects.tell("Deleted", { ...message, nick: past ? message.of : message.nick, past });
    }
  }

  gap({ room, from, to }) {
    const news = this._cursor(room).gap(from, to);
    if (news) this._effects.tell("Gap", { room, first: news[0], last: news[1] });
  }

  /** A room starts anew. An inbox in the same record is another one, that of an account. */
  reset({ room, epoch }) {
    const isOtherInbox = room === INBOX && epoch === this._effects.state.epoch;
    const { replayedTo } = this._cursor(room);
    this.useEpoch(epoch);
    this.forget(room);
    if (!isOtherInbox) this._cursor(room).enter(replayedTo, this._replay);
    this._effects.tell("Reset", { room });
  }

  /** An own line has its number, and will not come as a message. */
  acknowledged(room, seq) {
    this._cursor(room).acknowledged(seq);
    // By what has been shown, not by what has come: the next run begins there.
    const shown = under(this._effects.state.rooms, room) ?? 0;
    if (seq > shown) this._noteOwn(room, [...this._ownAbove(room, shown), seq]);
  }

  /** All that was told has been shown: another run goes on behind it. */
  shown() {
    for (const [room, { after }] of this._cursors) {
      const { rooms } = this._effects.state;
      if (after === null || !Object.hasOwn(rooms, room)) continue;
      this._effects.note({ rooms: { ...rooms, [room]: after } });
      this._noteOwn(room, this._ownAbove(room, after));
    }
  }

  /** Tell what the server passed over; right only while no own line waits for its number. */
  tellMissing() {
    for (const [room, cursor] of this._cursors) {
      for (const [first, last] of cursor.takeMissing()) {
        if (!this._effects.state.holes) this._effects.tell("Missing", { room, first, last });
      }
    }
  }

  _cursor(room) {
    if (!this._cursors.has(room)) this._cursors.set(room, new Cursor(null, under(this._effects.state.own, room)));
    return this._cursors.get(room);
  }

  _noteOwn(room, own) {
    this._effects.note({ own: { ...this._effects.state.own, [room]: own } });
  }

  _ownAbove(room, seq) {
    return (under(this._effects.state.own, room) ?? []).filter((each) => each > seq);
  }

  _ownWithout(room) {
    const { [room]: _own, ...own } = this._effects.state.own;
    return own;
  }
}
