// Requests that wait for their answers. They survive the loss of the connection: they are sent again,
// but for those that must not be done twice. The key of a room is kept in memory only.

const MOST = 64; // requests without an answer
const PASSWORDS = ["register", "login", "password"]; // the server checks or keeps a password
const ONCE = new Set(["kick", ...PASSWORDS]);

export class Asking {
  constructor(effects, cursors, replay) {
    this._effects = effects;
    this._cursors = cursors;
    this._replay = replay;
    this._open = false;
    this._entered = new Set();
    this._queue = []; // those that wait for a connection
    this._asked = new Map(); // those that wait for an answer, by their ids
    this._rejoining = new Set();
    this._keys = new Map();
  }

  /** Ask now, or when there is a connection. */
  ask(request) {
    if (this._queue.length + this._asked.size >= MOST) {
      this._effects.tell("Denied", { request, code: "too-many-requests", reason: "" });
    } else if (this._open) this._send(request);
    else this._queue.push(request);
  }

  /** The session has been welcomed into some rooms; the rest of its rooms it joins again. */
  rejoin(rooms) {
    this._open = true;
    this._entered = new Set(rooms);
    for (const room of this._cursors.rooms) {
      if (!this._entered.has(room)) {
        const key = this._keys.get(room);
        this._rejoining.add(this._send({ type: "join", room, ...(key && { key }) }));
      }
    }
    const joins = this._queue.filter(({ type }) => type === "join");
    this._queue = this._queue.filter(({ type }) => type !== "join");
    for (const each of joins) this._send(each);
  }

  /** Ask what waits for a connection; rooms come first. */
  open() {
    for (const each of this._queue.splice(0)) this._send(each);
  }

  /** The connection is gone. */
  close() {
    this._open = false;
    const asked = [...this._asked].filter(([id]) => !this._rejoining.has(id)).map(([, each]) => each);
    this._asked.clear();
    this._rejoining.clear();
    for (const request of asked) {
      if (ONCE.has(request.type)) this._effects.tell("Denied", { request, code: "lost", reason: "" });
    }
    this._queue = [...asked.filter(({ type }) => !ONCE.has(type)), ...this._queue];
  }

  /** Whether a request with a password has not been answered. */
  get passwordWaits() {
    return [...this._asked.values()].some(({ type }) => PASSWORDS.includes(type));
  }

  /** Whether a room was asked for, so that an answer about it will come. */
  joins(room) {
    return [...this._asked.values()].some((each) => each.type === "join" && each.room === room);
  }

  /** The session is in a room no more, and does not go back by itself. */
  removed(room) {
    this._entered.delete(room);
    this._keys.delete(room);
    this._cursors.leave(room);
  }

  /** A reply has come; the request that it answers, if it was asked. */
  answered(message) {
    const request = this._asked.get(message.id);
    if (!request) return null;
    this._asked.delete(message.id);
    const room = message.room ?? request.room;
    if (request.type === "join") {
      this._entered.add(room);
      this._rememberKey(room, request.key);
      this._cursors.enter(room, message.seq);
      if (this._rejoining.delete(message.id)) {
        this._effects.tell("Here", { room, ...entered(message) });
        return request;
      }
    } else if (request.type === "leave") this.removed(room);
    else if (request.type === "key") this._rememberKey(room, request.key);
    else if (request.type === "ignore" || request.type === "login") this._effects.note({ holes: true });
    this._effects.tell("Answered", { request, answer: message });
    return request;
  }

  /** An error has come; whether it was for a request. */
  refused({ id, code, text: reason }) {
    const request = this._asked.get(id);
    if (!request) return false;
    this._asked.delete(id);
    if (request.type === "join" && !this._entered.has(request.room)) this.removed(request.room);
    this._effects.tell("Denied", { request, code, reason });
    return true;
  }

  _rememberKey(room, key) {
    if (key) this._keys.set(room, key);
    else this._keys.delete(room);
  }

  _send(request) {
    const id = this._effects.nextId();
    this._asked.set(id, request);
    const sent = { ...request, id };
    if (request.type === "join") {
      const after = this._cursors.afterIn(request.room);
      if (after !== null) sent.after = after;
      sent.replay = this._replay;
    }
    this._effects.put(sent);
    return id;
  }
}

/** How a room is that the session is in. */
export function entered({ count, here = [], away = [], topic = "", keyed = false, slow = 0, quiet = false }) {
  return { count: count ?? here.length, names: here, away, topic, keyed, slow, quiet };
}
