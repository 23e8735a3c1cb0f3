// The page: makes a stay and what is seen of it, and joins the two.

import { call } from "./browser/calling.mjs";
import { learn } from "./browser/fetching.mjs";
import { Link, seconds } from "./browser/link.mjs";
import { freshSecret, keep, keepDraft, keptDraft, keptState, settings, storage } from "./browser/storage.mjs";
import { FIRST_ROOM, Session } from "./session/session.mjs";
import { Stay } from "./stay/stay.mjs";
import { Composer } from "./view/composer.mjs";
import { showInvitation } from "./view/dialogs/invitation.mjs";
import { showMessage } from "./view/dialogs/message.mjs";
import { showPeople, showPerson, changePassword, login, register } from "./view/dialogs/person.mjs";
import { showHelp, showWritten } from "./view/dialogs/reading.mjs";
import { askKey, askNewKey, askTopic, showRooms } from "./view/dialogs/rooms.mjs";
import { search, showFound } from "./view/dialogs/search.mjs";
import { followSystem, setTheme, showSettings } from "./view/dialogs/settings.mjs";
import { $, give } from "./view/dom.mjs";
import { askForPassword, listenToDoor, offer, refuse, showDoor, showHouse } from "./view/door.mjs";
import { Drawing } from "./view/drawing.mjs";
import { showBanner, showHead, showLink, showTitle } from "./view/head.mjs";
import { label } from "./view/labels.mjs";
import { listPeople, listTalks, listenToDrawers, openDrawer } from "./view/lists.mjs";
import { Log } from "./view/log.mjs";
import { _, choose, dayOf, ngettext, spoken } from "./words/catalogue.mjs";

const NARROW = matchMedia("(max-width: 50rem)");

let quietly = false; // whether what is drawn next is old, and no news to a screen reader

/** What the stay has of the page. */
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
  async setLanguage(language) {
    keep({ language });
    await speakAs(language);
    if (stay.session) stay.session.language = language;
    label();
    log.again();
    view.changed();
  },

  banner: showBanner,
  enterHouse: showHouse,
  refuse,
  askNick(reason, suggestion) {
    showDoor(stay.session.nick, reason);
    offer(suggestion);
  },
  askPassword(reason) {
    showDoor(stay.session.nick, reason);
    askForPassword();
  },
  askKey: (room) => askKey(stay, room),
  help: () => showHelp(stay),
  people: (answer) => showPeople(stay, answer),
  rooms: (listed) => showRooms(stay, listed),
  invited: showInvitation,
  written: showWritten,
  search: (text) => search(stay, text),
  found: (answer, words) => showFound(stay, answer, words),
  register: () => register(stay),
  login: () => login(stay),
  password: () => changePassword(stay),
  key: () => askNewKey(stay),
  call: (message, talk) => call(message, talk.key, () => stay.go(talk.key)),
  leave() {
    composer.draft = ""; // it is not for the next one at this browser
    location.reload();
  },

  /** Another conversation is looked at. */
  opened() {
    const { here, room, current } = stay.talks;
    composer.draft = here.draft;
    if (room) history.replaceState(null, "", current === FIRST_ROOM ? "#" : `#${encodeURIComponent(current)}`);
    openDrawer(null);
    draw(true);
    if (!NARROW.matches) composer.focus();
  },
  linkChanged() {
    showLink(stay);
    if (stay.link?.retryAt) refuse(_("connection lost"));
  },
  pastCame: () => (quietly = true),
  changed: () => drawing.changed(),
};

const drawing = new Drawing(() => draw(), window);
const stay = new Stay({
  view,
  storage,
  newSession: (nick) => new Session({
    state: keptState(), keep: (state) => storage.set("session", state),
    nick, clock: seconds, freshSecret, language: spoken(), keptTurn: () => keptState().turn,
  }),
  newLink: (...all) => new Link(...all),
  now: () => new Date().toISOString(),
});
const person = (nick) => showPerson(stay, nick);
const log = new Log($("scroller"), $("log"), {
  older: () => stay.askForPast(stay.talks.here),
  onNick: person,
  onNumber: (seq) => showMessage(stay, seq),
  left: () => composer.focus(),
  came: (count) => ($("news").textContent = ngettext("{count} new message", "{count} new messages", count)),
  moved(atEnd) {
    give($("newest"), { hidden: atEnd });
    if (atEnd && stay.talks.here.unread) view.changed();
  },
});
const composer = new Composer(stay, (text, pasted) => {
  const understood = stay.typed(text, pasted);
  if (understood) log.toEnd();
  return understood;
});

function draw(fresh = false) {
  if (!stay.session || $("house").hidden) return;
  const { talks, session } = stay;
  showHead(talks.here);
  listPeople(talks.here, session.nick, person, () => stay.ask({ type: "who", room: talks.room }));
  showLink(stay);
  $("log").classList.toggle("numbers", stay.switches.numbers);
  $("log").classList.toggle("timeless", !stay.switches.times);
  log.show(talks.here.items(session.ownLines, dayOf), { nick: session.nick, fresh, quiet: quietly });
  quietly = false;
  stay.looked(); // where the log ends is known by now
  listTalks(talks, (key) => stay.go(key), leaveTalk);
  showTitle(talks);
  stay.drawn();
}

/** Be done with a conversation, or out of a room. */
function leaveTalk({ peer, key }) {
  if (peer) stay.close(key);
  else stay.ask({ type: "leave", room: key });
}

const speakAs = (language) => learn(language, (rows) => (stay.rows = rows));

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
  listenToDoor((nick, password) => stay.enter(nick, password));
  listenToDrawers();
  followSystem();
  $("door-language").addEventListener("change", ({ target }) => view.setLanguage(target.value));
  const buttons = {
    newest: () => log.toEnd(),
    topic: () => askTopic(stay),
    "open-rooms": () => stay.ask({ type: "rooms" }),
    invite: () => stay.typed("/invite"),
    "open-search": () => search(stay),
    "open-settings": () => showSettings(stay),
  };
  for (const [id, does] of Object.entries(buttons)) $(id).addEventListener("click", does);
  for (const name of ["focus", "visibilitychange", "online"]) {
    addEventListener(name, () => {
      if (document.visibilityState === "visible" && stay.link && !stay.online) stay.link.open();
      view.changed();
    });
  }
  addEventListener("keydown", (event) => startsTyping(event) && composer.focus());
  visualViewport?.addEventListener("resize", fit);
  addEventListener("blur", () => {
    stay.talks.here.lookAway();
    log.arrives = false;
  });
  addEventListener("pagehide", () => keepDraft(stay.talks.current, composer.draft));
  addEventListener("hashchange", () => stay.online && addressed() && stay.join(addressed()));
}

async function start() {
  setTheme(settings.theme);
  await speakAs(settings.language || choose(navigator.languages || ["en"]));
  label();
  listen();
  stay.wanted = addressed();
  const [key, draft] = keptDraft();
  if (draft) stay.talks.of(key).draft = draft;
  const { known, nick } = keptState();
  if (known) {
    showHouse();
    stay.begin(nick);
  } else showDoor(nick);
}

start();
