// What becomes of the answers to what was asked, and of what was denied.

import { FIRST_ROOM } from "../session/session.mjs";
import { howLong } from "../typing/commands.mjs";
import { answered, refused } from "../words/sentences.mjs";

/** The server has answered a request. */
export function hearAnswer(chat, request, answer) {
  if (ANSWERS[request.type]) ANSWERS[request.type](chat, answer, request);
  const { typed = "", seconds = howLong(typed) } = request;
  for (const line of answered({ ...request, seconds }, answer)) chat.notice(line, true, placeOf(chat, request));
}

/** The conversation that a request was about, or the one that is looked at. */
function placeOf({ talks }, request) {
  return request?.room && talks.has(request.room) ? talks.of(request.room) : talks.here;
}

const ANSWERS = {
  history(chat, { messages, more }, { room }) {
    for (const message of messages) {
      const kind = message.type === "deleted" ? { kind: "deleted", nick: message.of, text: "" } : {};
      chat.take({ ...message, ...kind, past: true }, false);
    }
    chat.talks.pastCame(room, more);
    chat.view.pastCame();
  },
  search: (chat, answer, request) => chat.view.found(answer, request),
  raw: (chat, { messages }) => messages?.length && chat.view.written(messages),
  who: (chat, answer) => chat.view.people(answer),
  invite: (chat, answer) => chat.view.invited(answer),
  rooms: (chat, { rooms }) => chat.view.rooms(rooms),
  help(chat, { commands }) {
    chat.allowed = new Set(commands.map(({ english }) => /^\/(\S+)/.exec(english)?.[1]));
  },
  join(chat, answer, request) {
    const { room, seq, count, here = [] } = answer;
    if (count === 1 && seq === 0 && room !== FIRST_ROOM) chat.hosts(room);
    chat.talks.entered(room, { ...answer, names: here }, chat.session.nick);
    chat.arrive(room, request);
  },
  leave: (chat, answer, { room }) => chat.close(answer.room || room),
  charge: (chat) => chat.learnAllowed(),
  login: (chat) => chat.learnAllowed(),
};

/** The server has denied a request, or something that was no request (null). */
export function hearDenial(chat, { request, code, reason }) {
  const { talks, session, view } = chat;
  if (request?.type === "history") talks.pastCame(request.room, false);
  if (request?.type === "join") {
    if (code === "room-locked") view.askKey(request.room);
    if (talks.has(request.room) && !session.rooms.includes(request.room)) chat.close(request.room);
  }
  if (request?.type === "help") return;
  chat.notice(refused({ code, reason }), true, placeOf(chat, request));
}
