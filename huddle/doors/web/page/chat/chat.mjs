// The chat as one person has it: one session after the other on links of their own, the conversations that they
// bring, and what is done in them. Without input or output: what it needs is handed in.
//
// `view` shows what there is, and is told of what has changed; `storage` keeps what outlives the page;
// `newSession` makes a session for a nick, and `newLink` its link.

import { INBOX } from "../session/session.mjs";
import { _ } from "../words/catalogue.mjs";
import { turned } from "../words/sentences.mjs";
import { carryOut } from "./dispatch.mjs";
import { happen } from "./events.mjs";
import { Talks } from "./talks.mjs";

const PAST = 50; // messages of the past that are asked for at once
const CROWD = 20; // members of a room from which on it is not told who comes and goes

export class Chat {
  constructor({ view, storage, newSession, newLink, now }) {
    this.view = view;
    this.session = this.link = null;
    this.talks = new Talks(storage.get("seen") || {});
    this.blocks = new Map(); // the seqs of own blocks, by the ids of their first lines
    this.rows = []; // the commands
    this.allowed = new Set(); // those that one may use; none: not known
    this.wanted = null; // a room to be gone to when the server has let us in
    /** What is on or off; `quiet-joins` is on in a crowd until it is turned. */
    this.switches = { numbers: false, times: true, "quiet-joins": null, ...storage.get("switches") };
    this.now = now;
    this._unshown = false; // whether something came that was not drawn since
    this._opened = null; // the conversation that the view has open, by its key
    this._storage = storage;
    this._newSession = newSession;
    this._newLink = newLink;
    this._draftAt = new WeakMap(); // what was being typed when a room was asked for, by the request
    this._draftAtWish = undefined; // and when the one that is `wanted` was, if there was a house to type in
    this._hosted = new Set(storage.get("hosted") || []);
  }

  get online() {
    return Boolean(this.session?.online);
  }

  // Coming and going

  /** Come in under a nick. */
  begin(nick) {
    this.view.banner();
    this.session = this._newSession(nick);
    this.link = this._newLink(this.session, (events) => this._show(events), () => this.view.linkChanged());
    this.link.open();
  }

  /** Go on with the session that was kept, where one was: what is typed before the welcome is said there. */
  goOn(nick) {
    this.begin(nick);
    if (this.session.rooms.includes(this.wanted)) {
      this.talks.current = this.wanted;
      this.wanted = null;
    }
    this._draftAtWish = this.talks.here.draft;
    this.view.changed();
  }

  /** Come in as somebody new, under the same nick. */
  beginAnew() {
    this._storage.set("session", null);
    this.begin(this.session.nick);
  }

  /** Take a nick and a password where those were asked for, or begin. */
  enter(nick, password) {
    if (!this.session || this.session.phase === "over") this.begin(nick);
    else if (password) this.does((session) => session.takePassword(password, nick));
    else this.does((session) => session.takeNick(nick));
    this.link.open(); // at once, where it waits until it tries again
  }

  /** Leave the house for good; who has said what cannot go out now is asked first. */
  wishToLeave() {
    const { length } = this.session.ownLines;
    if (length && !this.online) this.view.askToLeave(length);
    else this.leave();
  }

  /** Leave without asking. */
  leave() {
    this.does((session) => session.leave());
  }

  /** The session is over for good; its nick is offered the next time. */
  end() {
    this._storage.set("session", { nick: this.session.nick });
    this.view.leave();
  }

  /** The server has let us in, and all that came with it was shown. */
  welcomed() {
    this.learnAllowed();
    const room = this.wanted;
    this.wanted = null;
    if (room && room !== this.talks.current) this.join(room, "", this._draftAtWish);
    for (const talk of this.talks.all) {
      if (talk.key === this.talks.current || talk.joined) this.askForPast(talk);
    }
    if (INBOX in this.session.state.rooms) this.askForInbox();
    if (this._opened !== this.talks.current) {
      this.talks.here.draft = this.view.draft(); // what was typed meanwhile, behind what was kept
      this._turnTo(this.talks.current);
    }
  }

  // What is done

  /** Have the session do something. */
  does(what) {
    this.link.does(what);
  }

  /** Ask something of the server; `draft`: what was being typed when it was wanted. */
  ask(request, draft = this.view.draft()) {
    if (request.type === "join") this._draftAt.set(request, draft);
    this.does((session) => session.ask(request));
  }

  /** Do what was typed, or say what was `pasted`, in several lines, just as it is; tells whether it was understood.
   * Nothing is said in a session that another tab has. */
  typed(text, pasted = false) {
    if (this.session.phase === "over") return false;
    const understood = carryOut(this, text, pasted);
    this.view.changed();
    return understood;
  }

  /** `about`: the message that it answers (`re`), or puts right (`edits`), by its number. */
  say(text, kind, about = {}) {
    const { peer, key } = this.talks.here;
    const act = kind === "me";
    this.does((session) => (peer ? session.tell(peer, text, act, about) : session.say(text, key, kind, about)));
  }

  /** Have a text to be put right in the conversation for which it was meant, and in no other. */
  giveBack(key, text) {
    const talk = this.talks.meant(key);
    if (talk === this.talks.here) this.view.giveBack(text);
    else if (talk) talk.draft ||= text;
  }

  /** Somebody has another nick; the conversation with them that is open stays so. */
  renamed(event) {
    const isOpen = this._opened === this.talks.current;
    this.talks.renamed(event);
    if (isOpen) this._opened = this.talks.current;
  }

  /** Look at another conversation. */
  go(key) {
    this.talks.here.draft = this.view.draft();
    this.talks.here.lookAway();
    this.looked();
    this._turnTo(key);
  }

  _turnTo(key) {
    this.talks.current = this._opened = this.talks.of(key).key;
    this.askForPast(this.talks.here);
    this.view.opened();
  }

  /** Go to a room, whether one is in it or not yet. */
  join(room, key, draft) {
    if (this.talks.has(room) && this.talks.of(room).joined) this.go(room);
    else this.ask({ type: "join", room, ...(key && { key }) }, draft);
  }

  /** Go to a room that was asked for, unless one has begun to type meanwhile: the end of it would be said there. */
  arrive(room, request) {
    const draft = this.view.draft();
    if (draft && draft !== this._draftAt.get(request)) this.notice(_("You are in {room}, too.", { room }));
    else this.go(room);
  }

  /** Go to a room that the page's address names, at once or when the server has let us in. */
  seek(room) {
    if (this.session?.rooms.includes(room)) this.go(room);
    else if (this.online) this.join(room);
    else [this.wanted, this._draftAtWish] = [room, this.view.draft()];
  }

  /** Be done with a conversation. */
  close(key) {
    const next = this.talks.close(key);
    if (next === null) return;
    this.talks.of(next).draft ||= this.view.draft(); // what is being typed is not lost
    this._turnTo(next);
  }

  /** One made this room. */
  hosts(room) {
    this._hosted.add(room);
    this._storage.set("hosted", [...this._hosted]);
  }

  /** Whether one may use a command in a conversation, as far as is known. */
  may(command, key = this.talks.current) {
    return this.allowed.has(command) || this._hosted.has(key);
  }

  learnAllowed() {
    this.ask({ type: "help" });
  }

  askForPast(talk) {
    const request = this.online && this.talks.past(talk, PAST);
    if (request) this.ask(request);
  }

  askForInbox() {
    if (this.talks.inbox.first === null) this.ask({ type: "history", room: INBOX, limit: PAST });
  }

  /** Turn something on or off, or the other way round; it outlives the page. */
  turn(name, on = !this.switches[name]) {
    this.switches[name] = on;
    this._storage.set("switches", this.switches);
    this.notice(turned(name, on));
    this.view.changed();
  }

  /** Whether it is not told who comes to a room and leaves it. */
  isHushed(talk) {
    return this.switches["quiet-joins"] ?? talk.count >= CROWD;
  }

  // What comes of it

  /** Something to know, in a conversation. */
  notice(text, loud = true, talk = this.talks.here) {
    talk.notice(text, this.now(), loud);
  }

  /** Take a message to its conversation; `live`: it is counted, and called for. */
  take(message, live) {
    const { nick } = this.session;
    const { talk, fresh, own, mention } = this.talks.take(message, nick);
    const isMissed = message.past && talk.visited; // if it was not read: it came while one was not here
    if (!fresh || !(live || isMissed)) return;
    const isHere = talk.key === this.talks.current;
    talk.came(message, mention, own || (isHere && !isMissed && this.view.isLooking()));
    const isForOne = !own && !message.past && !message.edits && (mention || talk.peer);
    if (isForOne && !(isHere && this.view.isPresent())) this.view.call(message, talk);
  }

  /** All that is in the current conversation is being looked at, if it is. */
  looked() {
    const { here, current, read } = this.talks;
    if (!this.view.isLooking()) return;
    here.look();
    if (read[current] === here.read) return;
    read[current] = here.read;
    this._storage.set("seen", read);
  }

  _show(events) {
    for (const event of events) happen(this, event);
    this._unshown ||= events.length > 0;
    this.view.changed();
  }

  /** All that came is to be seen: it is kept, once for all of it, that another run need not have it. */
  drawn() {
    if (this._unshown && this.session.phase !== "over") this.session.shown();
    this._unshown = false;
  }
}
