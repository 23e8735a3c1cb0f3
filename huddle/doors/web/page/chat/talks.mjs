// All conversations of the page: what came in each, who is there, and which one is looked at. No
// input or output.

import { FIRST_ROOM, INBOX } from "../session/session.mjs";
import { under } from "../session/effects.mjs";
import { mentions } from "../words/text.mjs";
import { Talk, peerKey } from "./talk.mjs";

/** Under what a conversation is found: a person's nick may be written in capitals, too. */
const folded = (key) => (key[0] === INBOX ? key.toLowerCase() : key);

export class Talks {
  /** `read`: for conversations, by their keys, the seq up to which all was seen in an earlier run. */
  constructor(read = {}) {
    this.read = read;
    this.current = FIRST_ROOM;
    this.inbox = { first: null, older: true }; // the part of the inbox that has come
    this._all = new Map();
  }

  /** The conversation of this key, begun if there was none. */
  of(key) {
    if (!this.has(key)) {
      const talk = new Talk(key);
      talk.read = under(this.read, key) || 0;
      this._all.set(folded(key), talk);
    }
    return this._all.get(folded(key));
  }

  has(key) {
    return this._all.has(folded(key));
  }

  /** The conversation for which something was meant under this key; a person's may have another by now. */
  meant(key) {
    return this._all.get(folded(key)) || this.all.find(({ formerly }) => formerly.has(folded(key)));
  }

  get all() {
    return [...this._all.values()];
  }

  get rooms() {
    return this.all.filter(({ joined }) => joined);
  }

  get peers() {
    return this.all.filter(({ peer }) => peer);
  }

  /** The conversation that is looked at. */
  get here() {
    return this.of(this.current);
  }

  /** The room that is looked at; null in a conversation with one person. */
  get room() {
    return this.here.peer ? null : this.current;
  }

  /** With whom one said the message of this number in private; null where it is not here. */
  peerOf(seq) {
    return this.peers.find(({ messages }) => messages.some((each) => each.seq === seq))?.peer ?? null;
  }

  /** How many messages wait that are for oneself. */
  get mentioned() {
    return this.all.reduce((sum, { mentioned }) => sum + mentioned, 0);
  }

  /**
   * Take a message to its conversation. Tells which that is, whether it was new, whose it is, and
   * whether it names `nick`. What puts a message right says nothing new: it names nobody.
   */
  take(message, nick) {
    if (message.room === INBOX) this.inbox.first = Math.min(this.inbox.first ?? message.seq, message.seq);
    const talk = this.of(message.room === INBOX ? peerKey(message.to || message.nick) : message.room);
    const own = message.nick === nick || message.to !== undefined;
    const mention = !own && mentions(message.text, nick);
    const fresh = talk.add({ ...message, mention, own });
    if (!message.past) talk.met = true;
    return { talk, fresh, own, mention: mention && !message.edits };
  }

  /** How a room is that one is in. */
  entered(room, { count, names, away, topic, keyed, slow, quiet }, nick) {
    const talk = this.of(room);
    this._appear(...names, ...(away || []));
    Object.assign(talk, { count, topic: topic || talk.topic, keyed, slow, quiet, joined: true, visited: talk.read > 0 });
    talk.here = new Set([...names, nick]);
    talk.away = new Set(away || []);
    return talk;
  }

  joined({ room, nick }) {
    const talk = this.of(room);
    this._appear(nick);
    if (!talk.here.has(nick)) talk.count += 1;
    talk.here.add(nick);
    talk.away.delete(nick);
  }

  left({ room, nick }) {
    const talk = this.of(room);
    talk.count = Math.max(1, talk.count - 1);
    talk.here.delete(nick);
  }

  /** Whoever was in no room of ours is perhaps another one than had the nick before. */
  _appear(...nicks) {
    for (const nick of nicks) {
      const talk = this._all.get(folded(peerKey(nick)));
      if (talk && !this.rooms.some(({ here }) => here.has(nick))) talk.met = false;
    }
  }

  /** The connection was made anew: a nick may have passed to somebody else meanwhile. */
  returned() {
    for (const talk of this.peers) talk.met = false;
  }

  /** Somebody has another nick; what was said to one who had it before is not theirs, and stays. */
  renamed({ room, nick, new: now }) {
    this._appear(now);
    const { here } = this.of(room);
    here.delete(nick);
    here.add(now);
    const [before, after] = [nick, now].map((each) => folded(peerKey(each)));
    const talk = this._all.get(before);
    if (!talk || this._all.has(after) || !(talk.met || !talk.messages.length)) return;
    if (this.current === talk.key) this.current = peerKey(now);
    Object.assign(talk, { key: peerKey(now), peer: now });
    talk.formerly.add(before);
    this._all = new Map([...this._all].map(([key, each]) => [key === before ? after : key, each]));
  }

  changed({ room, setting, value }) {
    this.of(room)[setting === "key" ? "keyed" : setting] = value;
  }

  /** The text of a message is gone; in the inbox it stands in one of the conversations. */
  deleted({ room, seq, nick }) {
    for (const talk of room === INBOX ? this.peers : [this.of(room)]) talk.deleted(seq, nick);
  }

  /** What was known of a room's messages, or of the inbox, is void. */
  reset(room) {
    for (const talk of room === INBOX ? this.peers : [this.of(room)]) talk.reset();
    if (room === INBOX) this.inbox = { first: null, older: true };
  }

  /** Be done with a conversation; where it was looked at another one is, whose key is told. */
  close(key) {
    this._all.delete(folded(key));
    return folded(key) === folded(this.current) ? this.rooms[0]?.key || FIRST_ROOM : null;
  }

  /** What of the past is to be asked for in a conversation: a request, or null for none. */
  past(talk, limit) {
    const { first, older } = talk.peer ? this.inbox : talk;
    if (talk.asked || !older) return null;
    talk.asked = true;
    return { type: "history", room: talk.peer ? INBOX : talk.key, limit, ...(first && { before: first }) };
  }

  /** The past that was asked for has come, or will not; `more`: whether there is more of it. */
  pastCame(room, more) {
    for (const talk of room === INBOX ? this.peers : [this.of(room)]) talk.asked = false;
    if (room === INBOX) this.inbox.older = more;
    else this.of(room).older = more;
  }
}
