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

import { Asking, entered } from "./asking.mjs";
import { Outbox } from "./outbox.mjs";
import { INBOX, Places } from "./places.mjs";
import { Turn, freshState } from "./turn.mjs";

export { INBOX, freshState };
export const FIRST_ROOM = "huddle";
const QUIET = 6; // seconds of silence after which the server is asked for a sign of life
const PATIENCE = 6; // seconds it then has
const BYE_PATIENCE = 3;

const NICK_CODES = new Set([
  "nick-taken", "bad-nick", "members-only", "not-registered", "account-nick",
]);
const PASSWORD_CODES = new Set(["password-needed", "wrong-password", "too-many-tries"]);
const OVER_CODES = new Set(["replaced", "kicked", "banned"]);

export class Session {
  constructor({ state, keep, nick, clock, freshSecret, language = "en", replay = 20 }) {
    this.state = state;
    this.nick = nick;
    this.language = language;
    this.phase = "offline";
    this.deadline = null;
    this._clock = clock;
    this._freshSecret = freshSecret;
    this._replay = replay;
    this._password = null;
    this._turn = new Turn(state, keep);
    this._places = new Places(this._turn, replay);
    this._outbox = new Outbox(this._turn);
    this._asking = new Asking(this._turn, this._places, replay);
    this._leaveBy = this._beatAt = null;
    this._pinged = this._unreadable = false;
    if (!state.secret) this._turn.note({ secret: freshSecret() });
  }

  get online() {
    return this.phase === "online";
  }

  /** The rooms the session is in, or was in and wants back; without its inbox. */
  get rooms() {
    return this._places.rooms;
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
    this._beatAt = null;
    this._outbox.close();
    this._asking.close();
    this._turn.forget();
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
    this._outbox.tick(now);
    if (this._leaveBy !== null && now >= this._leaveBy) this._farewell();
    return this._end();
  }

  /** What is to be sent, as lines; each is given once. */
  take() {
    return this._turn.take();
  }

  // The user

  /** Say something in a room, a line for each line of the text; `kind`: say, me or announce. */
  say(text, room, kind = "say", about = {}) {
    if (kind === "announce") this._turn.note({ holes: true });
    this._outbox.say(kind, room, text, about);
    return this._end();
  }

  /** Say something to one person. */
  tell(nick, text, act = false) {
    this._outbox.say(act ? "msg-me" : "msg", nick, text);
    return this._end();
  }

  /** Ask something: a request as it goes over the wire, without its id. */
  ask(request) {
    this._asking.ask(request);
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
    this._outbox.decide(sayAgain);
    return this._end();
  }

  /** All events so far have been shown: their messages need never come again. */
  shown() {
    this._places.shown();
    return this._end();
  }

  /** Leave for good; `Farewell` follows, at once when there is no connection. */
  leave() {
    if (this.online) {
      this.phase = "leaving";
      this._outbox.close();
      this._turn.put({ type: "bye", id: this._turn.nextId() });
      this._leaveBy = this._clock() + BYE_PATIENCE;
    } else if (this.phase !== "leaving" && this.phase !== "over") this._farewell();
    return this._end();
  }

  // Coming in

  _sayHello() {
    this.phase = "greeting";
    this._heard();
    const { secret, known, epoch } = this.state;
    this._turn.put({
      type: "hello", v: 1, nick: this.nick, session: secret, resume: known,
      after: this._places.after(), lang: this.language, replay: this._replay, bot: false,
      ...(epoch !== null && { epoch }), ...(this._password !== null && { password: this._password }),
    });
  }

  _hearWelcome({ nick, epoch, last_id: lastId = 0, rooms: welcomed = {}, limits }) {
    if (limits?.text > 0) this._outbox.limit = limits.text;
    this._places.useEpoch(epoch);
    this._turn.note({ known: true, counter: Math.max(this.state.counter, lastId) });
    this._useNick(nick);
    const rooms = {};
    for (const [room, how] of Object.entries(welcomed)) {
      this._places.enter(room, how.seq);
      if (room !== INBOX) rooms[room] = entered(how);
    }
    this.phase = "online";
    this._password = null;
    this._turn.tell("Welcomed", { nick, rooms, again: this.state.sent.length });
    this._asking.rejoin(Object.keys(welcomed));
    this._outbox.open();
    this._asking.open();
  }

  _hearHelloRefused({ code, text: reason, suggest }) {
    this._password = null;
    if (code === "session-unknown" && this.state.known) {
      this._turn.note({ secret: this._freshSecret(), known: false });
      this._outbox.doubt();
      this._places.beginSession();
      this._sayHello();
    } else if (NICK_CODES.has(code)) {
      this._waitForUser();
      const suggestion = (code === "account-nick" ? this.state.nick : suggest) || null;
      this._turn.tell("NickRefused", { nick: this.nick, code, reason, suggestion });
    } else if (PASSWORD_CODES.has(code)) {
      this._waitForUser();
      this._turn.tell("PasswordWanted", { nick: this.nick, code, reason });
    } else if (OVER_CODES.has(code)) this._over(code, reason);
    else this._turn.tell("TurnedAway", { code, reason });
  }

  _waitForUser() {
    this.phase = "nameless";
    this._beatAt = null; // they may take long
  }

  _useNick(nick) {
    if (nick !== this.nick && this.online) this._turn.tell("Named", { nick });
    this.nick = nick;
    if (nick !== this.state.nick) this._turn.note({ nick });
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
    this._turn.tell(event, fields);
  }

  // What is heard

  _hearAck({ id, room, seq }) {
    if (!this._outbox.sentAs(id)) return;
    this._places.acknowledged(room, seq);
    this._outbox.acknowledged(id, room, seq);
  }

  _hearReply(message) {
    const request = this._asking.answered(message);
    if (["nick", "register", "login"].includes(request?.type)) {
      this._useNick(message.nick || (request.type === "nick" ? request.nick : this.nick));
    }
  }

  _hearError(message) {
    const { id, code, text: reason } = message;
    if (!id) this._hearTrouble(message);
    else if (this._outbox.sentAs(id)) this._outbox.refused(id, message, this._clock());
    else if (!this._asking.refused(message)) this._turn.tell("Denied", { request: null, code, reason });
  }

  /** An error that answers nothing that was asked. */
  _hearTrouble({ code, text: reason, room = null }) {
    const fromHouse = code === "banned" && (room === null || room === FIRST_ROOM);
    if (code === "replaced" || code === "kicked" || fromHouse) this._over(code, reason);
    else if (room === null || !this._asking.joins(room)) {
      this._turn.tell("Denied", { request: null, code, reason });
    }
  }

  _hearRenamed(message) {
    if (message.nick === this.nick) this._useNick(message.new);
    else if (message.new !== this.nick) this._turn.tell("Renamed", message);
  }

  _hearRemoved(message) {
    this._asking.removed(message.room);
    this._turn.tell("Removed", message);
  }

  _hear(line) {
    try {
      const message = JSON.parse(line);
      const heard = HEARD[this.phase][message.type];
      if (heard) heard(this, message);
      else if (this.online && message.type === "here") {
        this._turn.tell("Here", { ...message, ...entered(message) });
      } else if (this.online && TOLD[message.type]) this._turn.tell(TOLD[message.type], message);
    } catch (error) {
      if (!this._unreadable) this._turn.tell("Unreadable", { reason: String(error) });
      this._unreadable = true;
    }
  }

  // In between

  _heard() {
    this._beatAt = this._clock() + QUIET;
    this._pinged = false;
  }

  _beat(now) {
    if (this._pinged) {
      this._beatAt = null;
      this._turn.tell("Silent", {});
    } else {
      this._pinged = true;
      this._beatAt = now + PATIENCE;
      if (this.online) this._turn.put({ type: "ping", id: this._turn.nextId() });
    }
  }

  _end() {
    this._outbox.flush();
    if (!this.state.sent.length) this._places.tellMissing();
    const times = [this._beatAt, this._outbox.againAt, this._leaveBy].filter((time) => time !== null);
    this.deadline = times.length ? Math.min(...times) : null;
    return this._turn.end();
  }
}

const HELLO = {
  welcome: (session, message) => session._hearWelcome(message),
  error: (session, message) => session._hearHelloRefused(message),
};
const CONVERSATION = {
  ack: (session, message) => session._hearAck(message),
  deleted: (session, message) => session._places.deleted(message),
  error: (session, message) => session._hearError(message),
  gap: (session, message) => session._places.gap(message),
  removed: (session, message) => session._hearRemoved(message),
  renamed: (session, message) => session._hearRenamed(message),
  reply: (session, message) => session._hearReply(message),
  reset: (session, message) => session._places.reset(message),
  said: (session, message) => session._places.said(message),
};
/** What is heard in each phase; the rest is passed over, like what is unknown. */
const HEARD = {
  offline: {}, greeting: HELLO, nameless: HELLO, online: CONVERSATION, over: {},
  leaving: { ...CONVERSATION, bye: (session) => session._farewell() },
};
/** What is told as it comes. */
const TOLD = {
  changed: "Changed", closing: "Closing", joined: "Joined", left: "Left", motd: "Motd",
  standing: "StandingIs", unread: "Unread",
};
