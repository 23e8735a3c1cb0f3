// What comes of one call of the session: events, messages to be sent, and what is to be kept.

/** What is remembered of a session that is new. */
export function freshState() {
  return {
    secret: "", known: false, turn: 0, nick: "", counter: 0, epoch: null,
    waiting: [], sent: [], doubts: [], rooms: {}, own: {}, holes: false,
  };
}

/** What a table has under a name that others chose: all objects have a `constructor`, which is none. */
export const under = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);

export class Effects {
  constructor(state, keep) {
    this.state = state;
    this._keep = keep;
    this._events = [];
    this._out = [];
    this._dirty = false;
  }

  /** Have something told. */
  tell(event, fields) {
    this._events.push({ ...fields, event });
  }

  /** Change what is remembered; it is kept before anything is sent. */
  note(changes) {
    Object.assign(this.state, changes);
    this._dirty = true;
  }

  /** Have a message sent. */
  put(message) {
    this._out.push(message);
  }

  /** An id for what the server does not remember; it is not kept for its own sake either. */
  nextId() {
    return ++this.state.counter;
  }

  /** Keep what was noted, and hand out the events. */
  end() {
    if (this._dirty) this._keep(this.state);
    this._dirty = false;
    const events = this._events;
    this._events = [];
    return events;
  }

  /** What is to be sent, as lines; each is given once. */
  take() {
    const out = this._out;
    this._out = [];
    return out.map((message) => JSON.stringify(message));
  }

  /** Send nothing of what waits: the connection it was for is gone. */
  forget() {
    this._out = [];
  }
}
