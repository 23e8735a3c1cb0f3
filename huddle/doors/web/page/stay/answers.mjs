// What becomes of the answers to what was asked, and of what was denied.

import { FIRST_ROOM } from "../session/session.mjs";
import { howLong } from "../typing/commands.mjs";
import { answered, refused } from "../words/sentences.mjs";

/** The server has answered a request. */
export function hearAnswer(stay, request, answer) {
  if (ANSWERS[request.type]) ANSWERS[request.type](stay, answer, request);
  const { typed = "", seconds = howLong(typed) } = request;
  for (const line of answered({ ...request, seconds }, answer)) stay.notice(line, true, placeOf(stay, request));
}

/** The conversation that a request was about, or the one that is looked at. */
function placeOf({ talks }, request) {
  return request?.room && talks.has(request.room) ? talks.of(request.room) : talks.here;
}

const ANSWERS = {
  history(stay, { messages, more }, { room }) {
    for (const message of messages) {
      const kind = message.type === "deleted" ? { kind: "deleted", nick: message.of, text: "" } : {};
      stay.take({ ...message, ...kind, past: true }, false);
    }
    stay.talks.pastCame(room, more);
    stay.view.pastCame();
  },
  search: (stay, answer, { words }) => stay.view.found(answer, words),
  raw: (stay, { messages }) => messages?.length && stay.view.written(messages),
  who: (stay, answer) => stay.view.people(answer),
  invite: (stay, answer) => stay.view.invited(answer),
  rooms: (stay, { rooms }) => stay.view.rooms(rooms),
  help(stay, { commands }) {
    stay.allowed = new Set(commands.map(({ english }) => /^\/(\S+)/.exec(english)?.[1]));
  },
  join(stay, answer) {
    const { room, seq, count, here = [] } = answer;
    if (count === 1 && seq === 0 && room !== FIRST_ROOM) stay.hosts(room);
    stay.talks.entered(room, { ...answer, names: here }, stay.session.nick);
    stay.go(room);
  },
  leave: (stay, answer, { room }) => stay.close(answer.room || room),
  charge: (stay) => stay.learnAllowed(),
  login: (stay) => stay.learnAllowed(),
};

/** The server has denied a request, or something that was no request (null). */
export function hearDenial(stay, { request, code, reason }) {
  const { talks, session, view } = stay;
  if (request?.type === "history") talks.pastCame(request.room, false);
  if (request?.type === "join") {
    if (code === "room-locked") view.askKey(request.room);
    if (talks.has(request.room) && !session.rooms.includes(request.room)) stay.close(request.room);
  }
  if (request?.type === "help") return;
  stay.notice(refused({ code, reason }), true, placeOf(stay, request));
}
