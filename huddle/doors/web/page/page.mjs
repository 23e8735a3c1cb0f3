// The page: makes the chat and what is seen of it, and joins the two.

import { call } from "./browser/calling.mjs";
import { isHalfLearned, learn } from "./browser/fetching.mjs";
import { Link, seconds } from "./browser/link.mjs";
import { freshSecret, keep, keepDraft, keptDraft, keptState, settings, storage } from "./browser/storage.mjs";
import { FIRST_ROOM, Session } from "./session/session.mjs";
import { Chat } from "./chat/chat.mjs";
import { Composer } from "./view/composer.mjs";
import { showInvitation } from "./view/dialogs/invitation.mjs";
import { showMessage } from "./view/dialogs/message.mjs";
import { showPeople, showPerson, changePassword, login, register } from "./view/dialogs/person.mjs";
import { showHelp, showWritten } from "./view/dialogs/reading.mjs";
import { askKey, askNewKey, askTopic, showRooms } from "./view/dialogs/rooms.mjs";
import { search, showFound } from "./view/dialogs/search.mjs";
import { followSystem, setTheme, showSettings } from "./view/dialogs/settings.mjs";
import { $, give, menu } from "./view/dom.mjs";
import { askForPassword, listenToDoor, offer, refuse, showDoor, showHouse } from "./view/door.mjs";
import { Drawing } from "./view/drawing.mjs";
import { showBanner, showHead, showLink, showTitle } from "./view/head.mjs";
import { label } from "./view/labels.mjs";
import { listPeople, listTalks, listenToDrawers, openDrawer } from "./view/lists.mjs";
import { Log } from "./view/log.mjs";
import { _, choose, dayOf, ngettext, spoken } from "./words/catalogue.mjs";

const NARROW = matchMedia("(max-width: 50rem)");

let quietly = false; // whether what is drawn next is old, and no news to a screen reader

/** Shows an answer in a dialog, unless there is one by then: it would be closed, with what is typed in it. */
function unlessBusy(show) {
  return (answer) => document.querySelector("dialog[open]") || show(answer);
}

/** What the chat has of the page. */
const view = {
  isPresent: () => document.visibilityState === "visible" && document.hasFocus(),
  isLooking: () => view.isPresent() && log.atEnd,
  draft: () => composer.draft,
  giveBack(text) {
    if (!composer.text) composer.draft = text;
  },
  insert: (text) => composer.insert(text),
  begin: (command, text) => composer.begin(command, text),
  focusLog: () => $("scroller").focus(),
  setLanguage(language) {
    keep({ language });
    return speak(language);
  },

  banner: showBanner,
  enterHouse() {
    showHouse();
    if (isHalfLearned()) speak(wantedLanguage());
  },
  refuse,
  askNick(reason, suggestion) {
    showDoor(chat.session.nick, reason);
    offer(suggestion);
  },
  askPassword(reason) {
    showDoor(chat.session.nick, reason);
    askForPassword();
  },
  askKey: unlessBusy((room) => askKey(chat, room)),
  help: () => showHelp(chat),
  people: unlessBusy((answer) => showPeople(chat, answer)),
  rooms: unlessBusy((listed) => showRooms(chat, listed)),
  invited: unlessBusy(showInvitation),
  written: unlessBusy(showWritten),
  search: (text) => search(chat, text),
  found: (answer, request) => showFound(chat, answer, request),
  register: () => register(chat),
  login: () => login(chat),
  password: () => changePassword(chat),
  key: () => askNewKey(chat),
  call: (message, talk) => call(message, talk.key, () => chat.go(talk.key)),
  askToLeave(count) {
    const sentence = ngettext(
      "{count} line has not been acknowledged, and is not kept.",
      "{count} lines have not been acknowledged, and are not kept.", count);
    menu(sentence, [[_("Leave"), () => chat.leave()]]);
  },
  leave() {
    composer.draft = ""; // it is not for the next one at this browser
    location.reload();
  },

  /** Another conversation is looked at. */
  opened() {
    const { here, room, current } = chat.talks;
    composer.draft = here.draft;
    if (room) history.replaceState(null, "", current === FIRST_ROOM ? "#" : `#${encodeURIComponent(current)}`);
    openDrawer(null);
    draw(true);
    if (!NARROW.matches) composer.focus();
  },
  linkChanged() {
    showLink(chat);
    if (chat.link?.retryAt) refuse(_("connection lost"));
  },
  pastCame: () => (quietly = true),
  changed: () => drawing.changed(),
};

const drawing = new Drawing(() => draw(), window);
const chat = new Chat({
  view,
  storage,
  newSession: (nick) => new Session({
    state: keptState(), keep: (state) => storage.set("session", state),
    nick, clock: seconds, freshSecret, language: spoken(), keptTurn: () => keptState().turn,
  }),
  newLink: (...all) => new Link(...all),
  now: () => new Date().toISOString(),
});
const person = (nick) => showPerson(chat, nick);
const log = new Log($("scroller"), $("log"), {
  older: () => chat.askForPast(chat.talks.here),
  onNick: person,
  onNumber: (seq) => showMessage(chat, seq),
  left: () => composer.focus(),
  came: (count) => ($("news").textContent = ngettext("{count} new message", "{count} new messages", count)),
  moved(atEnd) {
    give($("newest"), { hidden: atEnd });
    if (atEnd && chat.talks.here.unread) view.changed();
  },
});
const composer = new Composer(chat, (text, pasted) => {
  const understood = chat.typed(text, pasted);
  if (understood) log.toEnd();
  return understood;
});

function draw(fresh = false) {
  if (!chat.session || $("house").hidden) return;
  const { talks, session } = chat;
  showHead(talks.here);
  listPeople(talks.here, session.nick, person, () => chat.ask({ type: "who", room: talks.room }));
  showLink(chat);
  $("log").classList.toggle("numbers", chat.switches.numbers);
  $("log").classList.toggle("timeless", !chat.switches.times);
  log.show(talks.here.items(session.ownLines, dayOf), { nick: session.nick, fresh, quiet: quietly });
  quietly = false;
  chat.looked(); // where the log ends is known by now
  listTalks(talks, (key) => chat.go(key), leaveTalk);
  showTitle(talks);
  chat.drawn();
}

/** Be done with a conversation, or out of a room. */
function leaveTalk({ peer, key }) {
  if (peer) chat.close(key);
  else chat.ask({ type: "leave", room: key });
}

/** Speak a language, and know its commands; tells whether that is still what is wanted when they have come. */
async function speakAs(language) {
  const rows = await learn(language);
  if (rows?.length) chat.rows = rows; // else those of before are better than none
  return rows !== null;
}

/** Speak a language from now on, in all that stands there, too. */
async function speak(language) {
  if (!await speakAs(language)) return;
  if (chat.session) chat.session.language = language;
  label();
  log.again();
  view.changed();
}

const wantedLanguage = () => settings.language || choose(navigator.languages || ["en"]);

/** The room that the page's address names; none where it is not to be read. */
function addressed() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

/** Be as high as what is seen: Safari has its keyboard lie over the page, and over where one types. */
function fit() {
  const { height, scale } = visualViewport;
  document.body.style.setProperty("--seen", `${height * scale}px`);
  scrollTo(0, 0);
}

/** Whether a key begins a text that is typed where nothing else takes it. */
function startsTyping({ key, ctrlKey, altKey, metaKey, target }) {
  if (ctrlKey || altKey || metaKey || key === " " || [...key].length > 1) return false;
  return !$("house").hidden && !target.closest("input, textarea, select, dialog");
}

function listen() {
  listenToDoor((nick, password) => chat.enter(nick, password));
  listenToDrawers();
  followSystem();
  $("door-language").addEventListener("change", ({ target }) => view.setLanguage(target.value));
  const buttons = {
    newest: () => log.toEnd(),
    topic: () => askTopic(chat),
    "open-rooms": () => chat.ask({ type: "rooms" }),
    invite: () => chat.typed("/invite"),
    "open-search": () => search(chat),
    "open-settings": () => showSettings(chat),
  };
  for (const [id, does] of Object.entries(buttons)) $(id).addEventListener("click", does);
  for (const name of ["focus", "visibilitychange", "online"]) {
    addEventListener(name, () => {
      if (document.visibilityState === "visible" && chat.link && !chat.online) chat.link.open();
      view.changed();
    });
  }
  addEventListener("keydown", (event) => startsTyping(event) && composer.focus());
  visualViewport?.addEventListener("resize", fit);
  addEventListener("blur", () => {
    chat.talks.here.lookAway();
    log.arrives = false;
  });
  addEventListener("pagehide", () => keepDraft(chat.talks.current, composer.draft));
  addEventListener("hashchange", () => addressed() && chat.seek(addressed()));
}

async function start() {
  setTheme(settings.theme);
  await speakAs(wantedLanguage());
  label();
  listen();
  chat.wanted = addressed();
  const [key, draft] = keptDraft();
  if (draft) chat.talks.of(key).draft = draft;
  const { known, nick } = keptState();
  if (known) {
    showHouse();
    chat.goOn(nick);
  } else showDoor(nick);
  composer.draft = chat.talks.here.draft;
}

start();
