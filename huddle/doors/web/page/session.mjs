// The json dialect from the page's side, without input or output: lines in, lines and events out.
//
// It keeps what docs/protocol.md asks of a client, as `huddle.client.session` does: the same
// dialogues try both. A session lives through many connections:
//
//   offline --connected--> greeting --welcome--> online --leave--> leaving --bye--> over
//              nameless: another nick or a password is wanted; then `takeNick`, `takePassword`
//
// Whoever drives it gives it what arrives (`receive`), tells it what becomes of the connection
// (`connected`, `disconnected`), calls `tick` at the `deadline`, and after every call shows the
// events that it returned and sends what `take` gives. All that is to outlive the page is in
// `state`, a plain object; `keep` is called with it before anything that depends on it is sent.

import { Cursor } from "./cursor.mjs";
import { bytesOf, clean, linesOf } from "./text.mjs";

export const FIRST_ROOM = "huddle";
export const INBOX = "@";
const QUIET = 6; // seconds of silence after which the server is asked for a sign of life
const PATIENCE = 6; // seconds it then has
const BACK_OFF = [0.5, 15]; // seconds before what was not recorded is said again
const BYE_PATIENCE = 3;
const MOST_REQUESTS = 64;
const ONCE = new Set(["kick", "register", "login", "password"]); // not sent twice

const NICK_CODES = new Set([
  "nick-taken", "bad-nick", "members-only", "not-registered", "account-nick",
]);
const PASSWORD_CODES = new Set(["password-needed", "wrong-password", "too-many-tries"]);
const OVER_CODES = new Set(["replaced", "kicked", "banned"]);

/** What is remembered of a session that is new. */
export function freshState() {
  return {
    secret: "", known: false, nick: "", counter: 0, epoch: null,
    waiting: [], sent: [], doubts: [], rooms: {}, own: {}, holes: false,
  };
}

export class Session {
  constructor({ state, keep, nick, clock, freshSecret, language = "en", replay = 20 }) {
    this.state = state;
    this.nick = nick;
    this.language = language;
    this.phase = "offline";
    this.deadline = null;
    this._keep = keep;
    this._clock = clock;
    this._freshSecret = freshSecret;
    this._replay = replay;
    this._limit = 4096;
    this._password = null;
    this._cursors = new Map();
    for (const [room, had] of Object.entries(state.rooms)) {
      this._cursors.set(room, new Cursor(had, state.own[room]));
    }
    this._events = [];
    this._out = [];
    this._dirty = false;
    this._queue = []; // requests that wait for a connection
    this._asked = new Map(); // and those that wait for an answer
    this._rejoining = new Set();
    this._keys = new Map();
    this._entered = new Set();
    this._delay = BACK_OFF[0];
    this._againAt = this._leaveBy = this._beatAt = null;
    this._pinged = this._unreadable = false;
    this._doubtsTold = 0;
    if (!state.secret) this._note({ secret: freshSecret() });
  }

  get online() {
    return this.phase === "online";
  }

  /** The rooms the session is in, or was in and wants back; without its inbox. */
  get rooms() {
    return Object.keys(this.state.rooms).filter((room) => room !== INBOX);
  }

  /** The own lines that are not acknowledged, in the order of their saying. */
  get ownLines() {
    return [...this.state.sent.map(([, line]) => line), ...this.state.waiting];
  }

  // The link

  /** There is a new connection. */
  connected() {
    if (this.phase === "offline") {
      this._unreadable = false;
      this._sayHello();
    }
    return this._end();
  }

  /** The connection is gone; what was sent and not answered waits for the next one. */
  disconnected() {
    this._beatAt = this._againAt = null;
    this._closeRequests();
    this._out = [];
    if (this.phase === "leaving") this._farewell();
    else if (this.phase !== "over") this.phase = "offline";
    return this._end();
  }

  /** Read what the server has sent: one line, or several. */
  receive(text) {
    if (this._beatAt !== null) this._heard();
    for (const line of text.split("\n")) if (line) this._hear(line);
    return this._end();
  }

  /** The deadline has come: ping, give up, or say again what was delayed. */
  tick() {
    const now = this._clock();
    if (this._beatAt !== null && now >= this._beatAt) this._beat(now);
    if (this._againAt !== null && now >= this._againAt) {
      this._againAt = null;
      this._sayAgain();
    }
    if (this._leaveBy !== null && now >= this._leaveBy) this._farewell();
    return this._end();
  }

  /** What is to be sent, as lines; each is given once. */
  take() {
    const out = this._out;
    this._out = [];
    return out.map((message) => JSON.stringify(message));
  }

  // The user

  /** Say something in a room, a line for each line of the text; `kind`: say, me or announce. */
  say(text, room, kind = "say") {
    if (kind === "announce") this._note({ holes: true });
    this._wait({ kind, place: room, text });
    return this._end();
  }

  /** Say something to one person. */
  tell(nick, text, act = false) {
    this._wait({ kind: act ? "msg-me" : "msg", place: nick, text });
    return this._end();
  }

  /** Ask something: a request as it goes over the wire, without its id. */
  ask(request) {
    if (this._queue.length + this._asked.size >= MOST_REQUESTS) {
      this._tell("Denied", { request, code: "too-many-requests", reason: "" });
    } else if (this.online) this._send(request);
    else this._queue.push(request);
    return this._end();
  }

  /** Take another nick: at once when there is none yet, otherwise by asking for it. */
  takeNick(nick) {
    if (this.online) return this.ask({ type: "nick", nick });
    this.nick = nick;
    if (this.phase === "nameless") this._sayHello();
    return this._end();
  }

  /** The answer to `PasswordWanted`, perhaps for another nick; it is brought once. */
  takePassword(password, nick = this.nick) {
    this._password = password;
    if (!this.online) this.nick = nick;
    if (this.phase === "nameless") this._sayHello();
    return this._end();
  }

  /** The answer to `InDoubt`: say the lines in this session, or drop them. */
  decideDoubts(sayAgain) {
    const decided = this.state.doubts.slice(0, this._doubtsTold);
    const doubts = this.state.doubts.slice(this._doubtsTold);
    const waiting = sayAgain ? [...this.state.waiting, ...decided] : this.state.waiting;
    this._note({ doubts, waiting });
    this._doubtsTold = 0;
    if (this.online) this._askAboutDoubts();
    return this._end();
  }

  /** All events so far have been shown: their messages need never come again. */
  shown() {
    for (const [room, cursor] of this._cursors) {
      if (cursor.after !== null && room in this.state.rooms) {
        this._note({
          rooms: { ...this.state.rooms, [room]: cursor.after },
          own: { ...this.state.own, [room]: this._ownAbove(room, cursor.after) },
        });
      }
    }
    return this._end();
  }

  /** Leave for good; `Farewell` follows, at once when there is no connection. */
  leave() {
    if (this.online) {
      this.phase = "leaving";
      this._againAt = null;
      this._out.push({ type: "bye", id: this._nextId() });
      this._leaveBy = this._clock() + BYE_PATIENCE;
    } else if (this.phase !== "leaving" && this.phase !== "over") this._farewell();
    return this._end();
  }

  // Coming in

  _sayHello() {
    this.phase = "greeting";
    this._heard();
    const { secret, known, epoch } = this.state;
    const after = {};
    for (const [room, cursor] of this._cursors) {
      if (cursor.after !== null) after[room] = cursor.after;
    }
    const hello = {
      type: "hello", v: 1, nick: this.nick, session: secret, resume: known,
      after, lang: this.language, replay: this._replay, bot: false,
    };
    if (epoch !== null) hello.epoch = epoch;
    if (this._password !== null) hello.password = this._password;
    this._out.push(hello);
  }

  _hearWelcome(message) {
    if (message.limits?.text > 0) this._limit = message.limits.text;
    this._useEpoch(message.epoch);
    const counter = Math.max(this.state.counter, message.last_id || 0);
    this._note({ known: true, counter });
    this._useNick(message.nick);
    const rooms = {};
    for (const [room, how] of Object.entries(message.rooms || {})) {
      this._enter(room, how.seq);
      if (room !== INBOX) rooms[room] = entered(how);
    }
    this.phase = "online";
    this._password = null;
    this._tell("Welcomed", { nick: message.nick, rooms, again: this.state.sent.length });
    this._rejoin(new Set(Object.keys(message.rooms || {})));
    this._sayAgain();
    this._askAboutDoubts();
    for (const request of this._queue.splice(0)) this._send(request);
  }

  _hearHelloRefused({ code, text: reason, suggest }) {
    this._password = null;
    if (code === "session-unknown" && this.state.known) {
      this._beginSession();
    } else if (NICK_CODES.has(code)) {
      this._waitForUser();
      const suggestion = (code === "account-nick" ? this.state.nick : suggest) || null;
      this._tell("NickRefused", { nick: this.nick, code, reason, suggestion });
    } else if (PASSWORD_CODES.has(code)) {
      this._waitForUser();
      this._tell("PasswordWanted", { nick: this.nick, code, reason });
    } else if (OVER_CODES.has(code)) {
      this._over(code, reason);
    } else this._tell("TurnedAway", { code, reason });
  }

  /** The server has forgotten the session: what it may have been told is in doubt. */
  _beginSession() {
    const { doubts, sent } = this.state;
    this._note({
      secret: this._freshSecret(), known: false, sent: [],
      doubts: [...doubts, ...sent.map(([, line]) => line)],
    });
    this._forget(INBOX);
    for (const cursor of this._cursors.values()) cursor.takeMissing();
    this._sayHello();
  }

  _waitForUser() {
    this.phase = "nameless";
    this._beatAt = null; // they may take long
  }

  _useNick(nick) {
    if (nick !== this.nick && this.online) this._tell("Named", { nick });
    this.nick = nick;
    if (nick !== this.state.nick) this._note({ nick });
  }

  _over(code, reason) {
    this._endWith(code === "replaced" ? "Replaced" : "Expelled", { code, reason });
  }

  _farewell() {
    this._endWith("Farewell", { unsaid: this.ownLines.length });
  }

  _endWith(event, fields) {
    this.phase = "over";
    this._leaveBy = this._beatAt = null;
    this._tell(event, fields);
  }

  // Own lines

  /** Take a text: several lines are a block, the blank ones among them; all blank they say nothing. */
  _wait({ kind, place, text }) {
    const parts = linesOf(text).map(clean);
    if (!parts.some((part) => part.trim())) return;
    const together = parts.length > 1 && (kind === "say" || kind === "msg");
    const block = together ? { block: this._freshBlock() } : {};
    const waiting = [];
    for (const part of parts) {
      const line = { kind, place, text: part, ...block };
      if (bytesOf(part) > this._limit) {
        this._tell("Refused", { line, code: "text-too-long", reason: "" });
      } else if (together || part.trim()) waiting.push(line);
    }
    if (waiting.length) this._note({ waiting: [...this.state.waiting, ...waiting] });
  }

  /** A number for lines that are said together; no others that are here have it. */
  _freshBlock() {
    const { counter, waiting, doubts } = this.state;
    return 1 + [...waiting, ...doubts].reduce((most, { block }) => Math.max(most, block ?? 0), counter);
  }

  /** Give ids to the lines that wait, and send them, if they may go now; a block has its first one. */
  _flush() {
    const { waiting, sent, counter } = this.state;
    if (!this.online || this._againAt !== null || !waiting.length) return;
    const begun = new Map();
    const fresh = waiting.map((line, i) => {
      const id = counter + 1 + i;
      if (!line.block) return [id, line];
      if (!begun.has(line.block)) begun.set(line.block, id);
      return [id, { ...line, block: begun.get(line.block) }];
    });
    this._note({ waiting: [], sent: [...sent, ...fresh], counter: counter + fresh.length });
    for (const [id, line] of fresh) this._out.push(request(id, line));
  }

  _sayAgain() {
    for (const [id, line] of this.state.sent) this._out.push(request(id, line));
  }

  _askAboutDoubts() {
    const { doubts } = this.state;
    if (doubts.length > this._doubtsTold) {
      this._doubtsTold = doubts.length;
      this._tell("InDoubt", { lines: [...doubts] });
    }
  }

  _settle(id) {
    this._note({ sent: this.state.sent.filter(([each]) => each !== id) });
  }

  _hearAck({ id, room, seq }) {
    const line = this._sentAs(id);
    if (!line) return;
    this._cursor(room).acknowledged(seq);
    // By what has been shown, not by what has come: the next run begins there.
    const own = [...this._ownAbove(room, this.state.rooms[room] ?? 0), seq];
    if (seq > (this.state.rooms[room] ?? 0)) this._note({ own: { ...this.state.own, [room]: own } });
    this._tell("Acknowledged", { id, line, room, seq });
    this._settle(id);
    this._delay = BACK_OFF[0];
  }

  _sentAs(id) {
    return this.state.sent.find(([each]) => each === id)?.[1];
  }

  _lineRefused(id, line, { code, text: reason }) {
    if (code === "not-recorded") {
      if (this._againAt !== null || !this.online) return;
      if (this._delay === BACK_OFF[0]) this._tell("Delayed", {});
      this._againAt = this._clock() + this._delay;
      this._delay = Math.min(2 * this._delay, BACK_OFF[1]);
      return;
    }
    this._settle(id);
    if (code === "expired") this._tell("Expired", { line });
    else this._tell("Refused", { line, code, reason });
  }

  // Requests

  _nextId() {
    return ++this.state.counter; // not kept for its own sake: the server does not remember it
  }

  _send(request) {
    const id = this._nextId();
    this._asked.set(id, request);
    const sent = { ...request, id };
    if (request.type === "join") {
      const after = this._cursors.get(request.room)?.after ?? null;
      if (after !== null) sent.after = after;
      sent.replay = this._replay;
    }
    this._out.push(sent);
    return id;
  }

  /** The session has been welcomed into some rooms; the rest of its rooms it joins again. */
  _rejoin(rooms) {
    this._entered = rooms;
    for (const room of this.rooms) {
      if (!rooms.has(room)) {
        const key = this._keys.get(room);
        this._rejoining.add(this._send({ type: "join", room, ...(key && { key }) }));
      }
    }
    const joins = this._queue.filter(({ type }) => type === "join");
    this._queue = this._queue.filter(({ type }) => type !== "join");
    for (const each of joins) this._send(each);
  }

  _closeRequests() {
    const asked = [...this._asked].filter(([id]) => !this._rejoining.has(id));
    this._asked.clear();
    this._rejoining.clear();
    const again = [];
    for (const [, each] of asked) {
      if (ONCE.has(each.type)) this._tell("Denied", { request: each, code: "lost", reason: "" });
      else again.push(each);
    }
    this._queue = [...again, ...this._queue];
  }

  _hearReply(message) {
    const asked = this._asked.get(message.id);
    if (!asked) return;
    this._asked.delete(message.id);
    const room = message.room ?? asked.room;
    if (asked.type === "join") {
      this._entered.add(room);
      this._rememberKey(room, asked.key);
      this._enter(room, message.seq);
      if (this._rejoining.delete(message.id)) {
        this._tell("Here", { room, ...entered(message) });
        return;
      }
    } else if (asked.type === "leave") this._removed(room);
    else if (asked.type === "key") this._rememberKey(room, asked.key);
    else if (asked.type === "ignore" || asked.type === "login") this._note({ holes: true });
    this._tell("Answered", { request: asked, answer: message });
    if (["nick", "register", "login"].includes(asked.type)) {
      const usual = asked.type === "nick" ? asked.nick : this.nick;
      this._useNick(message.nick || usual);
    }
  }

  _hearError(message) {
    const { id, code, text: reason } = message;
    const line = this._sentAs(id);
    const asked = this._asked.get(id);
    if (line) this._lineRefused(id, line, message);
    else if (asked) {
      this._asked.delete(id);
      if (asked.type === "join" && !this._entered.has(asked.room)) this._removed(asked.room);
      this._tell("Denied", { request: asked, code, reason });
    } else if (!id) this._hearTrouble(message);
    else this._tell("Denied", { request: null, code, reason });
  }

  /** An error that answers nothing that was asked. */
  _hearTrouble({ code, text: reason, room = null }) {
    const fromHouse = code === "banned" && (room === null || room === FIRST_ROOM);
    const asked = [...this._asked.values()];
    if (code === "replaced" || code === "kicked" || fromHouse) this._over(code, reason);
    else if (!asked.some((each) => each.type === "join" && each.room === room)) {
      this._tell("Denied", { request: null, code, reason });
    }
  }

  _rememberKey(room, key) {
    if (key) this._keys.set(room, key);
    else this._keys.delete(room);
  }

  // Rooms

  _ownAbove(room, seq) {
    return (this.state.own[room] ?? []).filter((each) => each > seq);
  }

  _cursor(room) {
    if (!this._cursors.has(room)) this._cursors.set(room, new Cursor(null, this.state.own[room]));
    return this._cursors.get(room);
  }

  _enter(room, seq) {
    if (!(room in this.state.rooms)) this._note({ rooms: { ...this.state.rooms, [room]: null } });
    if (seq !== undefined) this._cursor(room).enter(seq, this._replay);
  }

  _removed(room) {
    this._entered.delete(room);
    this._keys.delete(room);
    this._cursors.delete(room);
    const { [room]: _had, ...rooms } = this.state.rooms;
    const { [room]: _own, ...own } = this.state.own;
    this._note({ rooms, own });
  }

  /** Start anew in a room: nothing is known of what was had of it. */
  _forget(room) {
    this._cursors.set(room, new Cursor());
    const rooms = { ...this.state.rooms };
    if (room in rooms) rooms[room] = null;
    const { [room]: _own, ...own } = this.state.own;
    this._note({ rooms, own });
  }

  _useEpoch(epoch) {
    if (this.state.epoch !== null && this.state.epoch !== epoch) {
      for (const room of [...this._cursors.keys()]) this._forget(room);
    }
    if (this.state.epoch !== epoch) this._note({ epoch });
  }

  _hearSaid(message) {
    const cursor = this._cursor(message.room);
    if (cursor.said(message.seq)) {
      this._tell("Said", { ...message, past: message.seq <= cursor.replayedTo });
    }
  }

  _hearDeleted(message) {
    const past = message.time !== undefined;
    if (!past || this._cursor(message.room).said(message.seq)) {
      this._tell("Deleted", { ...message, nick: past ? message.of : message.nick, past });
    }
  }

  _hearGap({ room, from, to }) {
    const news = this._cursor(room).gap(from, to);
    if (news) this._tell("Gap", { room, first: news[0], last: news[1] });
  }

  _hearReset({ room, epoch }) {
    const isOtherInbox = room === INBOX && epoch === this.state.epoch;
    const { replayedTo } = this._cursor(room);
    this._useEpoch(epoch);
    this._forget(room);
    if (!isOtherInbox) this._cursor(room).enter(replayedTo, this._replay);
    this._tell("Reset", { room });
  }

  _hearRenamed(message) {
    if (message.nick === this.nick) this._useNick(message.new);
    else if (message.new !== this.nick) this._tell("Renamed", message);
  }

  _hearRemoved(message) {
    this._removed(message.room);
    this._tell("Removed", message);
  }

  // In between

  _hear(line) {
    try {
      const message = JSON.parse(line);
      const heard = HEARD[this.phase][message.type];
      if (heard) heard.call(this, message);
      else if (this.online && TOLD[message.type]) {
        this._tell(TOLD[message.type], message.type === "here" ? { ...message, ...entered(message) } : message);
      }
    } catch (error) {
      if (!this._unreadable) this._tell("Unreadable", { reason: String(error) });
      this._unreadable = true;
    }
  }

  _heard() {
    this._beatAt = this._clock() + QUIET;
    this._pinged = false;
  }

  _beat(now) {
    if (this._pinged) {
      this._beatAt = null;
      this._tell("Silent", {});
    } else {
      this._pinged = true;
      this._beatAt = now + PATIENCE;
      if (this.online) this._out.push({ type: "ping", id: this._nextId() });
    }
  }

  _tell(event, fields) {
    this._events.push({ ...fields, event });
  }

  _note(changes) {
    Object.assign(this.state, changes);
    this._dirty = true;
  }

  _end() {
    this._flush();
    if (!this.state.sent.length) {
      for (const [room, cursor] of this._cursors) {
        for (const [first, last] of cursor.takeMissing()) {
          if (!this.state.holes) this._tell("Missing", { room, first, last });
        }
      }
    }
    if (this._dirty) {
      this._dirty = false;
      this._keep(this.state);
    }
    const times = [this._beatAt, this._againAt, this._leaveBy].filter((time) => time !== null);
    this.deadline = times.length ? Math.min(...times) : null;
    const events = this._events;
    this._events = [];
    return events;
  }
}

/** How a room is that the session is in. */
function entered({ count, here = [], away = [], topic = "", keyed = false, slow = 0, quiet = false }) {
  return { count: count ?? here.length, names: here, away, topic, keyed, slow, quiet };
}

/** A line as it is said. */
function request(id, { kind, place, text, block }) {
  if (kind === "announce") return { type: "announce", id, text };
  if (block) {
    const where = kind === "msg" ? { type: "msg", id, to: place } : { type: "say", id, room: place };
    return { ...where, text, block };
  }
  const how = kind === "me" || kind === "msg-me" ? { kind: "me" } : {};
  if (kind === "msg" || kind === "msg-me") return { type: "msg", id, to: place, text, ...how };
  return { type: "say", id, room: place, text, ...how };
}

const HELLO = {
  welcome: Session.prototype._hearWelcome,
  error: Session.prototype._hearHelloRefused,
};
const CONVERSATION = {
  ack: Session.prototype._hearAck,
  deleted: Session.prototype._hearDeleted,
  error: Session.prototype._hearError,
  gap: Session.prototype._hearGap,
  removed: Session.prototype._hearRemoved,
  renamed: Session.prototype._hearRenamed,
  reply: Session.prototype._hearReply,
  reset: Session.prototype._hearReset,
  said: Session.prototype._hearSaid,
};
const HEARD = {
  offline: {}, greeting: HELLO, nameless: HELLO, online: CONVERSATION, over: {},
  leaving: { ...CONVERSATION, bye: Session.prototype._farewell },
};
const TOLD = {
  changed: "Changed", closing: "Closing", here: "Here", joined: "Joined", left: "Left",
  motd: "Motd", standing: "StandingIs", unread: "Unread",
};
