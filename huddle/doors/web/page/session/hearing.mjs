// What a session hears, message by message: what it does depends on the phase that it is in.

import { entered } from "./asking.mjs";
import { FIRST_ROOM, INBOX } from "./cursors.mjs";

const NICK_CODES = new Set([
  "nick-taken", "bad-nick", "members-only", "not-registered", "account-nick",
]);
const PASSWORD_CODES = new Set(["password-needed", "wrong-password", "too-many-tries"]);
const OVER_CODES = new Set(["replaced", "kicked", "banned"]);

/** Take one message of the server. */
export function hear(session, message) {
  const heard = HEARD[session.phase][message.type];
  if (heard) heard(session, message);
  else if (session.online && message.type === "here") {
    session.effects.tell("Here", { ...message, ...entered(message) });
  } else if (session.online && TOLD[message.type]) session.effects.tell(TOLD[message.type], message);
}

function hearWelcome(session, { nick, epoch, last_id: lastId = 0, rooms: welcomed = {}, limits }) {
  if (limits?.text > 0) session.outbox.limit = limits.text;
  session.cursors.useEpoch(epoch);
  session.effects.note({ known: true, counter: Math.max(session.state.counter, lastId) });
  session.useNick(nick);
  const rooms = {};
  for (const [room, how] of Object.entries(welcomed)) {
    session.cursors.enter(room, how.seq);
    if (room !== INBOX) rooms[room] = entered(how);
  }
  session.phase = "online";
  session.password = null;
  session.effects.tell("Welcomed", { nick, rooms, again: session.state.sent.length });
  session.asking.rejoin(Object.keys(welcomed));
  session.outbox.open();
  session.asking.open();
}

function hearHelloRefused(session, message) {
  const { code, text: reason, suggest } = message;
  session.password = null;
  if (code === "session-unknown" && session.state.known) {
    session.effects.note({ secret: session.freshSecret(), known: false });
    session.outbox.doubt();
    session.cursors.beginSession();
    session.sayHello();
  } else if (NICK_CODES.has(code)) {
    session.waitForUser();
    const suggestion = (code === "account-nick" ? session.state.nick : suggest) || null;
    session.effects.tell("NickRefused", { nick: session.nick, code, reason, suggestion });
  } else if (PASSWORD_CODES.has(code)) {
    session.waitForUser();
    session.effects.tell("PasswordWanted", { nick: session.nick, code, reason });
  } else if (OVER_CODES.has(code)) session.over(code, reason);
  else turnedAway(session, message);
}

/** The server does not let the session in, or keep it, for some seconds. */
function turnedAway(session, { code, text: reason, retry_after: retryAfter = 0 }) {
  session.effects.tell("TurnedAway", { code, reason, retryAfter });
}

function hearAck(session, { id, room, seq }) {
  if (!session.outbox.sentAs(id)) return;
  session.cursors.acknowledged(room, seq);
  session.outbox.acknowledged(id, room, seq);
}

function hearReply(session, message) {
  const request = session.asking.answered(message);
  if (["nick", "register", "login"].includes(request?.type)) {
    session.useNick(message.nick || (request.type === "nick" ? request.nick : session.nick));
  }
}

function hearError(session, message) {
  const { id, code, text: reason } = message;
  if (code === "alone") turnedAway(session, message);
  else if (!id) hearTrouble(session, message);
  else if (session.outbox.sentAs(id)) session.outbox.refused(id, message, session.clock());
  else if (!session.asking.refused(message)) session.effects.tell("Denied", { request: null, code, reason });
}

/** An error that answers nothing that was asked. */
function hearTrouble(session, { code, text: reason, room = null }) {
  const fromHouse = code === "banned" && (room === null || room === FIRST_ROOM);
  if (code === "replaced" || code === "kicked" || fromHouse) session.over(code, reason);
  else if (room === null || !session.asking.joins(room)) {
    session.effects.tell("Denied", { request: null, code, reason });
  }
}

function hearRenamed(session, message) {
  if (message.nick === session.nick) session.useNick(message.new);
  else if (message.new !== session.nick) session.effects.tell("Renamed", message);
}

function hearRemoved(session, message) {
  session.asking.removed(message.room);
  session.effects.tell("Removed", message);
}

const HELLO = {
  welcome: hearWelcome,
  error: hearHelloRefused,
};
const CONVERSATION = {
  ack: hearAck,
  deleted: (session, message) => session.cursors.deleted(message),
  error: hearError,
  gap: (session, message) => session.cursors.gap(message),
  removed: hearRemoved,
  renamed: hearRenamed,
  reply: hearReply,
  reset: (session, message) => session.cursors.reset(message),
  said: (session, message) => session.cursors.said(message),
};
/** What is heard in each phase; the rest is passed over, like what is unknown. */
const HEARD = {
  offline: {}, greeting: HELLO, nameless: HELLO, online: CONVERSATION, over: {},
  leaving: { ...CONVERSATION, bye: (session) => session.farewell() },
};
/** What is told as it comes. */
const TOLD = {
  changed: "Changed", closing: "Closing", joined: "Joined", left: "Left", motd: "Motd",
  standing: "StandingIs", unread: "Unread",
};
