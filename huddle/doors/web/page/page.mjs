// The page: joins the session, the link, the conversations and what is seen of them.

import { commandsLike, meaning, usage } from "./commands.mjs";
import { $, askFor, button, dialog, made, theirs } from "./dom.mjs";
import { colourOf } from "./colours.mjs";
import { Link, freshSecret, keptState, seconds, storage } from "./link.mjs";
import { Log, linked } from "./log.mjs";
import { answered, happened, refused, summaryOf } from "./sentences.mjs";
import { FIRST_ROOM, INBOX, Session } from "./session.mjs";
import { Talk, completions, peerKey } from "./talk.mjs";
import { mentions } from "./text.mjs";
import { LANGUAGES, _, choose, clockTime, dayOf, momentOf, ngettext, speak, spoken } from "./words.mjs";

const PAST = 50; // messages of the past that are asked for at once
const NARROW = matchMedia("(max-width: 50rem)");
const DARK = matchMedia("(prefers-color-scheme: dark)");

const talks = new Map();
const seen = storage.get("seen") || {};
const settings = { language: null, theme: null, notify: false, sound: false, ...storage.get("settings") };
const blocks = new Map(); // the seqs of own blocks, by the ids of their first lines
const typed = []; // what was said, to be had again by the arrow
let rows = [];
let session, link, log;
let current = FIRST_ROOM;
let wanted = null; // a room to be gone to when the server has let us in
let allowed = new Set(); // the commands that one may use
const hosted = new Set(storage.get("hosted") || []);
let inboxFirst = null;
let inboxOlder = true;
let chosen = 0; // which suggestion
let typedAt = -1;
let due = false;

// Conversations

function talkOf(key) {
  if (!talks.has(key)) {
    const talk = new Talk(key);
    talk.read = seen[key] || 0;
    talks.set(key, talk);
  }
  return talks.get(key);
}

const here = () => talkOf(current);
const roomHere = () => (here().peer ? null : current);
const isLooking = () => document.visibilityState === "visible" && document.hasFocus();

function whose(message) {
  return message.room === INBOX ? peerKey(message.to || message.nick) : message.room;
}

function take(message, live) {
  if (message.room === INBOX) inboxFirst = Math.min(inboxFirst ?? message.seq, message.seq);
  const talk = talkOf(whose(message));
  const own = message.nick === session.nick || message.to !== undefined;
  const mention = !own && mentions(message.text, session.nick);
  if (!talk.add({ ...message, mention }) || !live) return;
  const looked = own || (isLooking() && talk.key === current && log.atEnd);
  talk.came(message, session.nick, looked);
  if (!own && !message.past && (mention || talk.peer)) callFor(message, talk);
}

function go(key) {
  here().draft = $("input").value;
  here().lookAway();
  if (talks.has(current)) look();
  current = key;
  const talk = talkOf(key);
  $("input").value = talk.draft;
  if (!talk.peer) history.replaceState(null, "", key === FIRST_ROOM ? "#" : `#${encodeURIComponent(key)}`);
  askForPast(talk);
  showRooms(false);
  render(true);
  if (!NARROW.matches) $("input").focus();
}

/** All that is here is being looked at, if it is. */
function look() {
  if (!isLooking() || !log.atEnd) return;
  here().look();
  seen[current] = here().read;
  storage.set("seen", seen);
}

function askForPast(talk) {
  const older = talk.peer ? inboxOlder : talk.older;
  if (!session.online || talk.asked || !older) return;
  talk.asked = true;
  const before = talk.peer ? inboxFirst : talk.first;
  const room = talk.peer ? INBOX : talk.key;
  doing((each) => each.ask({ type: "history", room, limit: PAST, ...(before && { before }) }));
}

const doing = (what) => link.does(what);

// Events

function show(events) {
  for (const event of events) {
    if (SHOWN[event.event]) SHOWN[event.event](event);
    else tellOf(event);
  }
  if (events.length && !events.some(({ event }) => event === "Welcomed") && session.phase !== "over") {
    session.shown();
  }
  later();
}

function tellOf(event, loud = false) {
  const text = happened(event);
  if (text) talkOf(event.room && event.room !== INBOX ? event.room : current).notice(text, now(), loud);
}

const now = () => new Date().toISOString();

const SHOWN = {
  Said: (event) => take(event, true),
  Deleted(event) {
    if (event.past) return take({ ...event, kind: "deleted", text: "" }, true);
    if (event.room === INBOX) for (const talk of talks.values()) talk.peer && talk.deleted(event.seq, event.nick);
    else talkOf(event.room).deleted(event.seq, event.nick);
  },
  Acknowledged({ id, line, room, seq }) {
    if (line.block === id) blocks.set(id, seq);
    const block = blocks.get(line.block);
    const kind = { "msg-me": "me", msg: "say" }[line.kind] || line.kind;
    const to = room === INBOX ? { to: line.place } : {};
    take({ room, seq, time: now(), nick: session.nick, kind, text: line.text, ...to,
      ...(block && { block }), ...(line.re && { re: line.re }), ...(line.edits && { edits: line.edits }) }, false);
  },
  Refused(event) {
    here().notice(`${refused(event)} ${event.line.text.slice(0, 60)}`, now(), true);
    if (!$("input").value) $("input").value = event.line.text;
  },
  InDoubt({ lines }) {
    const text = ngettext(
      "It is not known any more whether {count} line was said.",
      "It is not known any more whether {count} lines were said.", lines.length);
    const decide = (again) => () => {
      banner();
      doing((each) => each.decideDoubts(again));
    };
    banner(text, button(_("Say again"), decide(true)), button(_("Drop"), decide(false)));
  },
  Welcomed({ rooms }) {
    banner();
    $("door").hidden = true;
    $("house").hidden = false;
    for (const [name, how] of Object.entries(rooms)) entered(talkOf(name), how);
    for (const talk of talks.values()) talk.asked = false;
    if (!talks.has(current)) current = Object.keys(rooms)[0] || FIRST_ROOM;
    session.shown();
    queueMicrotask(welcomed);
  },
  Here({ room, ...how }) {
    entered(talkOf(room), how);
  },
  Joined(event) {
    const talk = talkOf(event.room);
    if (!talk.here.has(event.nick)) talk.count += 1;
    talk.here.add(event.nick);
    talk.away.delete(event.nick);
    tellOf(event);
  },
  Left(event) {
    const talk = talkOf(event.room);
    talk.count = Math.max(1, talk.count - 1);
    talk.here.delete(event.nick);
    tellOf(event);
  },
  Renamed(event) {
    const talk = talkOf(event.room);
    if (talk.here.delete(event.nick)) talk.here.add(event.new);
    tellOf(event);
  },
  Changed(event) {
    const talk = talkOf(event.room);
    talk[event.setting === "key" ? "keyed" : event.setting] = event.value;
    tellOf(event, event.setting === "topic");
  },
  Removed(event) {
    closeTalk(event.room);
    here().notice(happened(event), now(), true);
  },
  StandingIs(event) {
    tellOf(event, true);
    learnAllowed();
  },
  Reset({ room, ...event }) {
    for (const talk of talks.values()) if (room === INBOX ? talk.peer : talk.key === room) talk.reset();
    if (room === INBOX) [inboxFirst, inboxOlder] = [null, true];
    else tellOf({ room, ...event });
  },
  Motd({ lines }) {
    for (const line of lines) talkOf(FIRST_ROOM).notice(line, "", true);
  },
  Answered: ({ request, answer }) => hearAnswer(request, answer),
  Denied: (event) => hearDenial(event),
  Named({ nick }) {
    here().notice(_("you are {nick}", { nick }), now());
  },
  NickRefused({ reason, suggestion }) {
    showDoor(reason);
    if (suggestion) $("nick").value = suggestion;
    $("nick").select();
  },
  PasswordWanted({ nick, code, reason }) {
    showDoor(code === "password-needed" ? _("{nick} is registered. What is the password?", { nick }) : reason);
    $("password-row").hidden = false;
    $("password").focus();
  },
  TurnedAway({ reason }) {
    if ($("house").hidden) $("refusal").textContent = reason;
    else here().notice(reason, now(), true);
  },
  Expelled({ reason }) {
    banner(reason, button(_("Come in again"), () => startAgain(false)));
  },
  Replaced() {
    banner(_("This conversation is open in another tab."), button(_("Use it here"), () => startAgain(true)));
  },
  Farewell() {
    storage.set("session", null);
    location.reload();
  },
  Silent() {},
};

function entered(talk, { count, names, away, topic, keyed, slow, quiet }) {
  Object.assign(talk, { count, topic: topic || talk.topic, keyed, slow, quiet, joined: true });
  talk.here = new Set([...names, session.nick]);
  talk.away = new Set(away || []);
}

function welcomed() {
  learnAllowed();
  const room = wanted || fromAddress();
  wanted = null;
  if (room && room !== current) joinRoom(room);
  for (const talk of talks.values()) if (talk.key === current || talk.joined) askForPast(talk);
  if (!talks.has(peerKey("")) && INBOX in session.state.rooms) askForInbox();
  render(true);
  if (!NARROW.matches) $("input").focus();
}

function askForInbox() {
  if (inboxFirst !== null) return;
  doing((each) => each.ask({ type: "history", room: INBOX, limit: PAST }));
}

function learnAllowed() {
  doing((each) => each.ask({ type: "help" }));
}

function hearAnswer(request, answer) {
  if (request.type === "history") return hearPast(request, answer);
  if (request.type === "search") return showFound(request, answer);
  if (request.type === "raw" && answer.messages?.length) return showWritten(answer.messages);
  if (request.type === "who") return showPeople(answer);
  if (request.type === "rooms") return showRoomList(answer.rooms);
  if (request.type === "help") {
    allowed = new Set(answer.commands.map(({ english }) => /^\/(\S+)/.exec(english)?.[1]));
    return;
  }
  if (request.type === "join") hearJoined(answer);
  if (request.type === "leave") closeTalk(answer.room || request.room);
  if (request.type === "charge" || request.type === "login") learnAllowed();
  for (const line of answered(request, answer)) here().notice(line, now(), true);
}

function hearJoined(answer) {
  const { room, seq, count } = answer;
  if (count === 1 && seq === 0 && room !== FIRST_ROOM) {
    hosted.add(room);
    storage.set("hosted", [...hosted]);
  }
  const talk = talkOf(room);
  entered(talk, { names: [], ...answer, names: answer.here || [] });
  go(room);
}

function hearDenial({ request, code, reason }) {
  const place = request?.room && talks.has(request.room) ? talkOf(request.room) : here();
  if (request?.type === "history") {
    place.asked = false;
    place.older = false;
    if (request.room === INBOX) inboxOlder = false;
  }
  if (request?.type === "join") {
    if (code === "room-locked") askForKey(request.room);
    if (talks.has(request.room) && !session.rooms.includes(request.room)) closeTalk(request.room);
  }
  if (request?.type === "help") return;
  place.notice(refused({ code, reason }), now(), true);
}

function hearPast({ room }, { messages, more }) {
  for (const message of messages) {
    const kind = message.type === "deleted" ? { kind: "deleted", nick: message.of, text: "" } : {};
    take({ ...message, ...kind, past: true }, false);
  }
  if (room === INBOX) {
    inboxOlder = more;
    for (const talk of talks.values()) if (talk.peer) talk.asked = false;
  } else {
    const talk = talkOf(room);
    talk.asked = false;
    talk.older = more;
  }
  quietly = true;
}

let quietly = false;

function closeTalk(key) {
  talks.delete(key);
  if (key === current) {
    const next = [...talks.values()].find((talk) => talk.joined)?.key || FIRST_ROOM;
    current = next;
    go(next);
  }
}

// Doing what was typed

function submit() {
  const text = $("input").value;
  if (!text.trim()) return;
  if (text.trim().includes("\n") && !text.startsWith("/")) sayHere(withoutBlankEnds(text), "say");
  else if (!carryOut(meaning(text, rows, roomHere()))) return;
  typed.push(text);
  typedAt = -1;
  $("input").value = "";
  here().draft = "";
  suggest();
  grow();
  log.toEnd();
}

/** `about`: the message that it answers (`re`), or puts right (`edits`), by its number. */
function sayHere(text, kind, about = {}) {
  const { peer, key } = here();
  doing((each) => (peer ? each.tell(peer, text, kind === "me") : each.say(text, key, kind, about)));
}

/** What one said last here is said anew; what one person is told has no number that both know. */
function fix(text) {
  const { messages, peer } = here();
  const last = [...messages].reverse().find(({ nick, kind }) => nick === session.nick && ["say", "me"].includes(kind));
  if (peer || !last) here().notice(_("There is no such message here."), now(), true);
  else if (session.ownLines.length) here().notice(_("Your last line is still on its way; try it again."), now(), true);
  else sayHere(text, last.kind, { edits: last.edits || last.seq });
}

/** A block begins and ends with something to see; its first line keeps its indentation. */
function withoutBlankEnds(text) {
  return text.replace(/^(\s*\n)+/, "").trimEnd();
}

/** Tells whether it was understood; else what was typed stays to be put right. */
function carryOut(meant) {
  if (meant.say !== undefined) sayHere(meant.say, "say", meant.about);
  else if (meant.act) sayHere(meant.act, "me");
  else if (meant.tell) {
    doing((each) => each.tell(meant.tell, meant.text));
    go(peerKey(meant.tell));
  } else if (meant.announce) doing((each) => each.say(meant.announce, FIRST_ROOM, "announce"));
  else if (meant.request) doing((each) => each.ask(meant.request));
  else if (meant.page) PAGE[meant.page](meant.text || "");
  else if (meant.unknown !== undefined) {
    here().notice(_("There is no command /{name}. /help lists what there is.", { name: meant.unknown }), now(), true);
  } else here().notice(usage(meant.misused, spoken()), now(), true);
  later();
  return meant.unknown === undefined && !meant.misused;
}

const PAGE = {
  help: () => showHelp(),
  who: () => doing((each) => each.ask({ type: "who", room: roomHere() || FIRST_ROOM })),
  rooms: () => askForRooms(),
  inbox: () => askForInbox(),
  history: () => $("scroller").focus(),
  times: () => {},
  lang: (text) => setLanguage(choose([text])),
  quit: () => doing((each) => each.leave()),
  search: (text) => search(text),
  open: (nick) => go(peerKey(nick)),
  close: () => closeTalk(current),
  delete: (text) => deleteMessage(text),
  fix: (text) => fix(text),
  numbers: () => $("log").classList.toggle("numbers"),
  register: () => register(),
  login: () => login(),
};

function deleteMessage(text) {
  const whoseNick = text || session.nick;
  const last = [...here().messages].reverse().find(({ nick, kind }) => nick === whoseNick && kind !== "deleted");
  const seq = /^\d+$/.test(text) ? Number(text) : last?.seq;
  const room = here().peer ? INBOX : current;
  if (seq) doing((each) => each.ask({ type: "delete", room, seq, ...(/^\d+$/.test(text) && { block: true }) }));
}

function joinRoom(room, key) {
  if (talks.get(room)?.joined) go(room);
  else doing((each) => each.ask({ type: "join", room, ...(key && { key }) }));
}

const fromAddress = () => {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
};

// Asking

const asked = (title, fields, ok = _("OK")) => askFor(title, fields, ok, _("Close"));

async function askForKey(room) {
  const given = await asked(_("{room} has a key", { room }), [{ name: "key", label: _("Key"), required: true, autocomplete: "off" }]);
  if (given) joinRoom(room, given.key);
}

async function register() {
  const secret = { type: "password", required: true, minLength: 8, autocomplete: "new-password" };
  const given = await asked(_("Keep the nick {nick}", { nick: session.nick }), [
    { name: "password", label: _("Password, of 8 characters or more"), ...secret },
  ]);
  if (given) doing((each) => each.ask({ type: "register", password: given.password }));
}

async function login() {
  const given = await asked(_("Log in"), [
    { name: "nick", label: _("Nick"), value: session.nick, required: true, autocomplete: "username" },
    { name: "password", label: _("Password"), type: "password", required: true, autocomplete: "current-password" },
  ]);
  if (given) doing((each) => each.ask({ type: "login", ...given }));
}

async function askForTopic() {
  const room = roomHere();
  if (room === null) return;
  const given = await asked(_("What is {room} about?", { room }), [{ name: "text", label: _("Topic"), value: here().topic }]);
  if (given) doing((each) => each.ask({ type: "topic", room, text: given.text }));
}

function askForRooms() {
  doing((each) => each.ask({ type: "rooms" }));
}

function showRoomList(listed) {
  const name = made("input", { id: "room-name", required: true, autocapitalize: "none", autocomplete: "off" });
  const key = made("input", { id: "room-key", autocapitalize: "none", autocomplete: "off" });
  const form = made("form", {},
    made("p", {}, made("label", { htmlFor: "room-name", textContent: _("Another room, or a new one") }), name),
    made("p", {}, made("label", { htmlFor: "room-key", textContent: _("Its key, if it has one") }), key),
    made("button", { className: "strong", textContent: _("Go there") }));
  const list = made("div", { className: "menu" });
  const box = dialog(_("Rooms"), _("Close"), list, form);
  for (const { room, count, topic, keyed } of listed) {
    const more = [keyed ? "🔒" : "", String(count), topic || ""].filter(Boolean).join(" · ");
    const row = button("", () => {
      box.close();
      joinRoom(room);
    });
    row.append(theirs(room), " ", made("small", { className: "quiet" }, theirs(more)));
    list.append(row);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    box.close();
    joinRoom(name.value.trim(), key.value);
  });
}

function search(text = "") {
  const words = made("input", { id: "search-words", type: "search", required: true, value: text });
  const form = made("form", {},
    made("p", {}, made("label", { htmlFor: "search-words", textContent: _("Words to look for here") }), words),
    made("button", { className: "strong", textContent: _("Search") }));
  const found = made("div", { className: "found", id: "found", role: "status" });
  dialog(_("Search"), _("Close"), form, found);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    found.replaceChildren();
    askSearch(words.value);
  });
  if (text) askSearch(text);
}

/** A message, and what was said together with it, just as it was written. */
function showWritten(messages) {
  const [{ seq, nick, of }] = messages;
  const text = messages.map((each) => each.text ?? "").join("\n");
  dialog(_("#{seq}, by {nick}:", { seq, nick: nick ?? of }), _("Close"), made("pre", { tabIndex: 0, dir: "auto", textContent: text }));
}

function askSearch(words, before) {
  const room = here().peer ? INBOX : current;
  doing((each) => each.ask({ type: "search", room, words, limit: 30, ...(before && { before }) }));
}

function showFound({ words }, { messages, more }) {
  const found = $("found");
  if (!found) return;
  if (!messages.length) found.append(made("p", { textContent: _("Nothing was found.") }));
  for (const { nick, time, text } of [...messages].reverse()) {
    const body = made("div", { className: "body", dir: "auto" },
      made("bdi", { className: `nick c${colourOf(nick)}`, textContent: nick }), " ", ...linked(text));
    const when = made("small", { className: "quiet", textContent: momentOf(time) });
    found.append(made("div", {}, when, body));
  }
  if (more) {
    const further = button(_("Older ones"), () => {
      further.remove();
      askSearch(words, messages[0].seq);
    });
    found.append(further);
  }
}

function showHelp() {
  const list = made("dl");
  for (const row of rows) {
    if (row.names[0] === "back" || (allowed.size && !allowed.has(row.names[0]))) continue;
    list.append(made("dt", { textContent: usage(row, spoken()) }), made("dd", { textContent: summaryOf(row) }));
  }
  dialog(_("Commands"), _("Close"), list);
}

function showPeople({ room, count, here: names, away }) {
  const list = made("p", {}, theirs(names.join(", ")));
  const gone = away.length ? [made("p", { textContent: _("Away: {names}.", { names: away.join(", ") }) })] : [];
  dialog(`${room} · ${count}`, _("Close"), list, ...gone);
}

/** What one can do with, or to, a person. */
function personMenu(nick) {
  const room = roomHere();
  const menu = made("div", { className: "menu" });
  const box = dialog(nick, _("Close"), menu);
  const entry = (text, does) => menu.append(button(text, () => {
    box.close();
    does();
  }));
  const ask = (fields) => () => doing((each) => each.ask(fields));
  if (nick === session.nick) {
    entry(_("Change my nick"), changeNick);
    return;
  }
  entry(_("Write privately"), () => go(peerKey(nick)));
  entry(_("Mention"), () => insert(`${nick}: `));
  entry(_("Ignore"), ask({ type: "ignore", nick, on: true }));
  if (allowed.has("whois")) entry(_("Who is that?"), ask({ type: "whois", nick }));
  if (room === null || !(allowed.has("kick") || hosted.has(room))) return;
  entry(_("Mute for ten minutes"), ask({ type: "mute", room, nick, seconds: 600 }));
  entry(_("Let speak again"), ask({ type: "unmute", room, nick }));
  entry(_("Give a voice"), ask({ type: "voice", room, nick, on: true }));
  entry(_("Send away"), ask({ type: "kick", room, nick, reason: "" }));
  entry(_("Ban for an hour"), ask({ type: "ban", room, who: nick, seconds: 3600, reason: "" }));
}

async function changeNick() {
  const given = await asked(_("Change my nick"), [{ name: "nick", label: _("Nick"), value: session.nick, required: true }]);
  if (given) doing((each) => each.takeNick(given.nick));
}

function insert(text) {
  const input = $("input");
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  input.focus();
  grow();
}

// Settings

function showSettings() {
  const choice = (id, label, options, value, changed) => {
    const select = made("select", { id });
    for (const [name, text] of options) select.append(made("option", { value: name, textContent: text }));
    select.value = value;
    select.addEventListener("change", () => changed(select.value));
    return made("p", {}, made("label", { htmlFor: id, textContent: label }), select);
  };
  const check = (id, label, name) => {
    const box = made("input", { id, type: "checkbox", checked: settings[name] });
    box.addEventListener("change", () => keep({ [name]: box.checked }));
    return [box, made("p", { className: "check" }, box, made("label", { htmlFor: id, textContent: label }))];
  };
  const [notify, notifyRow] = check("notify", _("Tell me of what is for me while I look elsewhere"), "notify");
  notify.addEventListener("change", () => notify.checked && window.Notification?.requestPermission());
  const themes = [["", _("as the system has it")], ["light", _("light")], ["dark", _("dark")]];
  const menu = made("div", { className: "menu" });
  const box = dialog(_("Settings"), _("Close"),
    choice("language", _("Language"), Object.entries(LANGUAGES), spoken(), setLanguage),
    choice("theme", _("Colours"), themes, settings.theme || "", setTheme),
    notifyRow, check("sound", _("And make a sound"), "sound")[1], menu);
  for (const [text, does] of [
    [_("Change my nick"), changeNick], [_("Keep my nick by a password"), register], [_("Log in"), login],
    [_("Commands"), showHelp], [_("Leave"), PAGE.quit],
  ]) {
    menu.append(button(text, () => {
      box.close();
      does();
    }));
  }
}

function keep(changes) {
  storage.set("settings", Object.assign(settings, changes));
}

function setTheme(theme) {
  keep({ theme });
  const dark = theme ? theme === "dark" : DARK.matches;
  document.documentElement.classList.toggle("dark", dark);
}

async function setLanguage(language) {
  keep({ language });
  await learn(language);
  if (session) session.language = language;
  label();
  log.again();
  later();
}

async function learn(language) {
  const catalogue = language === "en" ? {} : await fetched(`sentences/${language}.json`, {});
  speak(language, catalogue);
  document.documentElement.lang = language;
}

async function fetched(path, otherwise) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : otherwise;
  } catch {
    return otherwise;
  }
}

// Calling for somebody who looks elsewhere

function callFor(message, talk) {
  if (isLooking() && talk.key === current) return;
  if (settings.sound) beep();
  if (settings.notify && window.Notification?.permission === "granted") {
    const told = new Notification(message.nick, { body: message.text, tag: talk.key });
    told.onclick = () => {
      window.focus();
      go(talk.key);
      told.close();
    };
  }
}

let audio = null;

function beep() {
  audio ||= new AudioContext();
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.frequency.value = 880;
  gain.gain.setValueAtTime(0.1, audio.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.3);
  tone.connect(gain).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.3);
}

// What is seen

function later() {
  title();
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    render();
  });
}

function title() {
  const count = [...talks.values()].reduce((sum, talk) => sum + talk.mentioned, 0);
  document.title = `${count ? `(${count}) ` : ""}${current === FIRST_ROOM ? "" : `${here().peer || current} · `}Huddle`;
}

function render(fresh = false) {
  if (!session || $("house").hidden) return;
  const talk = here();
  look();
  const items = talk.items(session.ownLines, dayOf);
  log.show(items, { nick: session.nick, fresh, quiet: quietly });
  quietly = false;
  $("name").textContent = talk.peer || talk.key;
  $("topic").textContent = [talk.keyed ? "🔒" : "", talk.quiet ? "🔇" : "", talk.topic].filter(Boolean).join(" ");
  $("topic").hidden = talk.peer !== null;
  $("count").textContent = talk.peer ? "" : talk.count;
  const more = [...talks.values()];
  listTalks($("room-list"), more.filter(({ joined }) => joined));
  const peers = more.filter(({ peer }) => peer);
  listTalks($("peer-list"), peers);
  $("peers-title").hidden = !peers.length;
  listPeople(talk);
  state();
  title();
}

function listTalks(list, shown) {
  const rows = shown.map((talk) => {
    const row = button("", () => go(talk.key));
    if (talk.key === current) row.setAttribute("aria-current", "true");
    row.append(theirs(talk.peer || talk.key));
    if (talk.unread) {
      const count = made("span", { className: talk.mentioned ? "badge mine" : "badge", textContent: talk.mentioned || talk.unread });
      count.title = ngettext("{count} unread", "{count} unread", talk.unread);
      row.append(count);
    }
    return made("li", {}, row);
  });
  update(list, rows);
}

function listPeople(talk) {
  const names = talk.peer ? [talk.peer, session.nick] : [...talk.here].sort((a, b) => a.localeCompare(b));
  const rows = names.map((nick) => {
    const row = button("", () => personMenu(nick), { className: talk.away.has(nick) ? "away" : "" });
    row.append(made("bdi", { className: `c${colourOf(nick)}`, textContent: nick }));
    return made("li", {}, row);
  });
  const rest = talk.count - talk.here.size;
  if (!talk.peer && rest > 0) rows.push(made("li", { className: "quiet", textContent: ngettext("and {count} more", "and {count} more", rest) }));
  update($("people-list"), rows);
}

/** Put these rows in a list, where they are others than before: focus stays where it is. */
function update(list, rows) {
  const signature = rows.map((row) => row.outerHTML).join("");
  if (list.signature === signature) return;
  const focused = [...list.children].findIndex((row) => row.contains(document.activeElement));
  list.signature = signature;
  list.replaceChildren(...rows);
  if (focused >= 0) rows[Math.min(focused, rows.length - 1)]?.querySelector("button")?.focus();
}

function state() {
  const online = session.online;
  const waits = !online && link.retryAt !== null;
  const text = online || session.phase === "over" ? "" : waits ? _("connection lost") : _("connecting…");
  if ($("status").textContent !== text) $("status").textContent = text;
  const left = waits ? Math.max(0, Math.ceil(link.retryAt - seconds())) : 0;
  $("countdown").textContent = waits ? ngettext("reconnecting in {count} s", "reconnecting in {count} s", left) : "";
  if (waits) setTimeout(state, 500);
}

function banner(text = "", ...buttons) {
  $("banner").hidden = !text;
  $("banner").replaceChildren(text, ...buttons);
}

function showDoor(reason = "") {
  $("house").hidden = true;
  $("door").hidden = false;
  $("refusal").textContent = reason;
  $("nick").value ||= session?.nick || keptState().nick;
  $("nick").focus();
}

function showRooms(open) {
  $("rooms").classList.toggle("open", open);
  $("show-rooms").setAttribute("aria-expanded", String(open));
  if (open) $("people").classList.remove("open");
}

function showPeopleList(open) {
  $("people").classList.toggle("open", open);
  $("show-people").setAttribute("aria-expanded", String(open));
  if (open) $("rooms").classList.remove("open");
}

/** Everything that is said in words and stands there always. */
function label() {
  const texts = {
    welcome: _("A conversation that everybody here can enter."), "nick-label": _("What is your nick?"),
    "password-label": _("Password"), "come-in": _("Come in"), "rooms-title": _("Rooms"),
    "peers-title": _("Private"), "open-rooms": _("More rooms…"), newest: _("↓ Newest"), send: _("Send"),
    "people-title": _("Who is here"),
  };
  for (const [id, text] of Object.entries(texts)) $(id).textContent = text;
  const labels = {
    "show-rooms": _("Rooms"), "open-search": _("Search"), "open-settings": _("Settings"), rooms: _("Rooms"),
    people: _("Who is here"), scroller: _("Conversation"), log: _("Conversation"), input: _("Say something"),
    "door-language": _("Language"), topic: _("Topic"), suggestions: _("Commands"),
  };
  for (const [id, text] of Object.entries(labels)) $(id).setAttribute("aria-label", text);
  for (const id of ["open-search", "open-settings", "show-rooms"]) $(id).title = labels[id];
  $("show-people").title = texts["people-title"];
  $("input").placeholder = labels.input;
  const select = $("door-language");
  select.replaceChildren(...Object.entries(LANGUAGES).map(([name, text]) => made("option", { value: name, textContent: text })));
  select.value = spoken();
}

// Typing

function grow() {
  const input = $("input");
  const lines = Math.min(12, input.value.split("\n").length);
  input.rows = lines;
}

function suggest() {
  const text = $("input").value;
  const list = $("suggestions");
  const found = /^\/(?!\/)(\S*)$/.exec(text) ? commandsLike(rows, text.slice(1), spoken()).slice(0, 8) : [];
  const usable = found.filter(({ row }) => row.names[0] !== "back" && (!allowed.size || allowed.has(row.names[0]) || hosted.has(current)));
  chosen = Math.min(chosen, Math.max(0, usable.length - 1));
  list.hidden = !usable.length;
  list.replaceChildren(...usable.map(({ row, name }, i) => {
    const option = made("li", { id: `suggestion-${i}`, role: "option", "aria-selected": String(i === chosen) },
      usage(row, spoken()), " ", made("small", { textContent: summaryOf(row) }));
    option.name = name;
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      complete(name);
    });
    return option;
  }));
  if (usable.length) $("input").setAttribute("aria-activedescendant", `suggestion-${chosen}`);
  else $("input").removeAttribute("aria-activedescendant");
}

function complete(name) {
  $("input").value = `/${name} `;
  suggest();
  $("input").focus();
}

let completing = null;

/** Complete the nick that was begun; again: the next one that fits. */
function completeNick() {
  const input = $("input");
  const at = input.selectionStart;
  if (completing && completing.end === at && completing.value === input.value) completing.which += 1;
  else {
    const begin = input.value.slice(0, at).search(/[^\s]*$/u);
    const names = completions(input.value.slice(begin, at), here(), session.nick);
    if (begin === at || !names.length) return false;
    completing = { begin, names, which: 0, end: at };
  }
  const { begin, names, which } = completing;
  const name = names[which % names.length];
  input.setRangeText(begin === 0 ? `${name}: ` : `${name} `, begin, at, "end");
  completing.end = input.selectionStart;
  completing.value = input.value;
  return true;
}

function pressed(event) {
  if (event.isComposing) return;
  const list = $("suggestions");
  const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!list.hidden && plain && step) {
    chosen = (chosen + step + list.children.length) % list.children.length;
    suggest();
  } else if (!list.hidden && plain && event.key === "Tab") complete(list.children[chosen].name);
  else if (!list.hidden && event.key === "Escape") list.hidden = true;
  else if (plain && event.key === "Tab") {
    if (!completeNick()) return;
  } else if (plain && event.key === "Enter") submit();
  else if (plain && event.key === "ArrowUp" && recall(1)) {
    // the last thing that was said is there again
  } else if (plain && event.key === "ArrowDown" && typedAt >= 0 && recall(-1)) {
    // and the one behind it
  } else return;
  event.preventDefault();
}

function recall(by) {
  const input = $("input");
  if (typedAt < 0 && input.value) return false;
  const at = typedAt + by;
  if (at >= typed.length) return false;
  typedAt = Math.max(-1, at);
  input.value = typedAt < 0 ? "" : typed[typed.length - 1 - typedAt];
  return true;
}

// From the beginning

function begin(nick) {
  session = new Session({
    state: keptState(),
    keep: (state) => storage.set("session", state),
    nick, clock: seconds, freshSecret, language: spoken(),
  });
  link = new Link(session, show, () => session && state());
  link.open();
}

/** Another session object on what was kept; `over`: the session goes on here. */
function startAgain(over) {
  banner();
  if (!over) storage.set("session", null);
  const nick = session.nick;
  begin(nick);
}

function listen() {
  $("enter").addEventListener("submit", (event) => {
    event.preventDefault();
    const nick = $("nick").value.trim();
    const password = $("password").value;
    $("refusal").textContent = "";
    $("password").value = "";
    if (!session || session.phase === "over") begin(nick);
    else if (password) doing((each) => each.takePassword(password, nick));
    else doing((each) => each.takeNick(nick));
  });
  $("door-language").addEventListener("change", ({ target }) => setLanguage(target.value));
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  $("input").addEventListener("keydown", pressed);
  $("input").addEventListener("input", () => {
    grow();
    suggest();
  });
  $("send").addEventListener("pointerdown", (event) => event.preventDefault()); // the keyboard stays
  $("newest").addEventListener("click", () => log.toEnd());
  $("topic").addEventListener("click", askForTopic);
  $("open-rooms").addEventListener("click", askForRooms);
  $("open-search").addEventListener("click", () => search());
  $("open-settings").addEventListener("click", showSettings);
  $("show-rooms").addEventListener("click", () => showRooms(!$("rooms").classList.contains("open")));
  $("show-people").addEventListener("click", () => showPeopleList(!$("people").classList.contains("open")));
  $("scroller").addEventListener("click", () => {
    showRooms(false);
    showPeopleList(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog")) return;
    showRooms(false);
    showPeopleList(false);
    $("input").focus();
  });
  for (const name of ["focus", "visibilitychange", "online"]) {
    addEventListener(name, () => {
      if (document.visibilityState === "visible" && session && !session.online) link.open();
      later();
    });
  }
  addEventListener("blur", () => session && here().lookAway());
  addEventListener("hashchange", () => session?.online && fromAddress() && joinRoom(fromAddress()));
  DARK.addEventListener("change", () => setTheme(settings.theme));
}

async function start() {
  setTheme(settings.theme);
  log = new Log($("scroller"), $("log"), {
    older: () => session && askForPast(here()),
    onNick: personMenu,
    moved: (atEnd) => {
      $("newest").hidden = atEnd;
      if (atEnd && here().unread) later();
    },
  });
  await learn(settings.language || choose(navigator.languages || ["en"]));
  label();
  listen();
  fetched("commands.json", []).then((listed) => {
    rows = listed.map(([names, takes, summary]) => ({ names, takes, summary }));
  });
  const kept = keptState();
  $("nick").value = kept.nick;
  if (kept.known) {
    $("house").hidden = false;
    begin(kept.nick);
  } else showDoor();
}

start();
