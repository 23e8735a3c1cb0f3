// The link: a WebSocket that comes back by itself, and the clock.

const PAUSES = [1, 2, 3, 5, 8, 13, 20]; // seconds before each attempt to come back
const CONNECTING = 20; // seconds that an attempt may take: a browser waits for minutes where a phone has left its network
const LONGEST_AWAY = 600; // seconds for which a server that asks for it is left alone, at most
const MESSAGE = 4000; // characters of one message at the most, but for a line that is longer
const ENDS = ["Silent", "TurnedAway", "Farewell"]; // events after which the connection is of no use

/** Seconds of a clock that never jumps. */
export function seconds() {
  return performance.now() / 1000;
}

export class Link {
  /** `show` is called with the events of the session, `told` whenever the link has changed. */
  constructor(session, show, told) {
    this.session = session;
    this.retryAt = null;
    this._show = show;
    this._told = told;
    this._failures = this._away = 0;
    this._socket = this._tick = this._retry = this._connecting = null;
  }

  /** Connect, now. */
  open() {
    clearTimeout(this._retry);
    this.retryAt = null;
    if (this._socket || this.session.phase === "over") return;
    const socket = new WebSocket(new URL("talk", location.href.replace(/^http/, "ws")));
    this._socket = socket;
    this._connecting = setTimeout(() => this.drop(), CONNECTING * 1000);
    socket.onopen = () => {
      clearTimeout(this._connecting);
      this.does((session) => session.connected());
    };
    socket.onmessage = ({ data }) => this.does((session) => session.receive(data));
    socket.onclose = () => this._closed(socket);
    this._told();
  }

  /** Have the session do this, show what comes of it, and send what it has to say. */
  does(what) {
    const events = what(this.session);
    this._send();
    this._show(events);
    if (this.session.online) this._failures = 0;
    for (const { retryAfter = 0 } of events) this._away = Math.max(this._away, retryAfter);
    if (events.some(({ event }) => ENDS.includes(event))) this.drop();
    this._wake();
  }

  /** Be done with this connection. */
  drop() {
    const socket = this._socket;
    if (socket) {
      socket.onclose = null;
      socket.close();
      this._closed(socket);
    }
  }

  get isOpen() {
    return this._socket?.readyState === WebSocket.OPEN;
  }

  _send() {
    if (!this.isOpen) return;
    const lines = this.session.take();
    let batch = "";
    for (const line of lines) {
      if (batch.length + line.length > MESSAGE) {
        this._socket.send(batch);
        batch = "";
      }
      batch += batch ? `\n${line}` : line;
    }
    if (batch) this._socket.send(batch);
  }

  _closed(socket) {
    if (socket !== this._socket) return;
    this._socket = null;
    clearTimeout(this._connecting);
    this.does((session) => session.disconnected());
    if (this.session.phase !== "over") {
      const usual = PAUSES[Math.min(this._failures++, PAUSES.length - 1)];
      const away = Math.min(this._away, LONGEST_AWAY) * (1 + Math.random() / 2);
      const pause = Math.max(usual, away);
      this._away = 0;
      this.retryAt = seconds() + pause;
      this._retry = setTimeout(() => this.open(), pause * 1000);
    }
    this._told();
  }

  _wake() {
    clearTimeout(this._tick);
    const { deadline } = this.session;
    if (deadline === null) return;
    const wait = Math.max(0, deadline - seconds());
    this._tick = setTimeout(() => this.does((session) => session.tick()), wait * 1000);
  }
}
