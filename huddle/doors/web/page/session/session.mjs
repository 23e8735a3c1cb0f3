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

import { Asking } from "./asking.mjs";
import { hear } from "./hearing.mjs";
import { Outbox } from "./outbox.mjs";
import { FIRST_ROOM, INBOX, Cursors } from "./cursors.mjs";
import { Effects } from "./effects.mjs";

export { FIRST_ROOM, INBOX };
const QUIET = 6; // seconds of silence after which the server is asked for a sign of life
const PATIENCE = 6; // seconds it then has
const PASSWORD_PATIENCE = 60; // while a password waits to be checked: one after the other is
const BYE_PATIENCE = 3;

export class Session {
  constructor({ state, keep, nick, clock, freshSecret, language = "en", replay = 20, keptTurn = () => 0 }) {
    this.state = state;
    this.nick = nick;
    this.language = language;
    this.phase = "offline";
    this.deadline = null;
    this.clock = clock;
    this.freshSecret = freshSecret;
    this._replay = replay;
    this._keptTurn = keptTurn; // another tab may have had this session since
    this.password = null;
    this.effects = new Effects(state, keep);
    this.cursors = new Cursors(this.effects, replay);
    this.outbox = new Outbox(this.effects);
    this.asking = new Asking(this.effects, this.cursors, replay);
    this._leaveBy = this._beatAt = null;
    this._pinged = this._unreadable = false;
    if (!state.secret) this.effects.note({ secret: freshSecret() });
  }

  get online() {
    return this.phase === "online";
  }

  /** The rooms the session is in, or was in and wants back; without its inbox. */
  get rooms() {
    return this.cursors.rooms;
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
      this.effects.note({ turn: Math.max(this.state.turn ?? 0, this._keptTurn()) + 1 });
      this.sayHello();
    }
    return this._end();
  }

  /** The connection is gone; what was sent and not answered waits for the next one. */
  disconnected() {
    this._beatAt = null;
    this.outbox.close();
    this.asking.close();
    this.effects.forget();
    if (this.phase === "leaving") this.farewell();
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
    const now = this.clock();
    if (this._beatAt !== null && now >= this._beatAt) this._beat(now);
    this.outbox.tick(now);
    if (this._leaveBy !== null && now >= this._leaveBy) this.farewell();
    return this._end();
  }

  /** What is to be sent, as lines; each is given once. */
  take() {
    return this.effects.take();
  }

  // The user

  /** Say something in a room, a line for each line of the text; `kind`: say, me or announce. */
  say(text, room, kind = "say", about = {}) {
    if (kind === "announce") this.effects.note({ holes: true });
    this.outbox.say(kind, room, text, about);
    return this._end();
  }

  /** Say something to one person; `about` has numbers of one's own inbox. */
  tell(nick, text, act = false, about = {}) {
    this.outbox.say(act ? "msg-me" : "msg", nick, text, about);
    return this._end();
  }

  /** Ask something: a request as it goes over the wire, without its id. */
  ask(request) {
    this.asking.ask(request);
    return this._end();
  }

  /** Take another nick: at once when there is none yet, otherwise by asking for it. */
  takeNick(nick) {
    if (this.online) return this.ask({ type: "nick", nick });
    this.nick = nick;
    if (this.phase === "nameless") this.sayHello();
    return this._end();
  }

  /** The answer to `PasswordWanted`, perhaps for another nick; it is brought once. */
  takePassword(password, nick = this.nick) {
    this.password = password;
    if (!this.online) this.nick = nick;
    if (this.phase === "nameless") this.sayHello();
    return this._end();
  }

  /** The answer to `InDoubt`: say the lines in this session, or drop them. */
  decideDoubts(sayAgain) {
    this.outbox.decide(sayAgain);
    return this._end();
  }

  /** All events so far have been shown: their messages need never come again. */
  shown() {
    this.cursors.shown();
    return this._end();
  }

  /** Leave for good; `Farewell` follows, at once when there is no connection. */
  leave() {
    if (this.online) {
      this.phase = "leaving";
      this.outbox.close();
      this.effects.put({ type: "bye", id: this.effects.nextId() });
      this._leaveBy = this.clock() + BYE_PATIENCE;
    } else if (this.phase !== "leaving" && this.phase !== "over") this.farewell();
    return this._end();
  }

  // Coming in

  sayHello() {
    this.phase = "greeting";
    this._heard();
    const { secret, known, epoch } = this.state;
    this.effects.put({
      type: "hello", v: 1, nick: this.nick, session: secret, resume: known,
      after: this.cursors.after(), lang: this.language, replay: this._replay, bot: false,
      turn: this.state.turn,
      ...(epoch !== null && { epoch }), ...(this.password !== null && { password: this.password }),
    });
  }

  waitForUser() {
    this.phase = "nameless";
    this._beatAt = null; // they may take long
  }

  useNick(nick) {
    if (nick !== this.nick && this.online) this.effects.tell("Named", { nick });
    this.nick = nick;
    if (nick !== this.state.nick) this.effects.note({ nick });
  }

  over(code, reason) {
    this._endWith(code === "replaced" ? "Replaced" : "Expelled", { code, reason });
  }

  farewell() {
    this._endWith("Farewell", { unsaid: this.ownLines.length });
  }

  _endWith(event, fields) {
    this.phase = "over";
    this._leaveBy = this._beatAt = null;
    this.effects.tell(event, fields);
  }

  // What is heard

  _hear(line) {
    try {
      const message = JSON.parse(line);
      hear(this, message);
    } catch (error) {
      if (!this._unreadable) this.effects.tell("Unreadable", { reason: String(error) });
      this._unreadable = true;
    }
  }

  // In between

  _heard() {
    this._beatAt = this.clock() + QUIET;
    this._pinged = false;
  }

  _beat(now) {
    if (this._pinged) {
      this._beatAt = null;
      this.effects.tell("Silent", {});
    } else {
      this._pinged = true;
      const password = this.online ? this.asking.passwordWaits : this.password !== null;
      this._beatAt = now + (password ? PASSWORD_PATIENCE : PATIENCE);
      if (this.online) this.effects.put({ type: "ping", id: this.effects.nextId() });
    }
  }

  _end() {
    this.outbox.flush();
    if (!this.state.sent.length) this.cursors.tellMissing();
    const times = [this._beatAt, this.outbox.againAt, this._leaveBy].filter((time) => time !== null);
    this.deadline = times.length ? Math.min(...times) : null;
    return this.effects.end();
  }
}
