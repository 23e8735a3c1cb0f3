// What was typed: something to say, a request, or something for the page itself. The commands are
// the rows that all of Huddle's clients have (`/commands/en.json`); here is how the rest is read.

import { INBOX } from "../session/session.mjs";
import { LANGUAGES } from "../words/catalogue.mjs";

const UNITS = [
  [1, "s sec secs second seconds seg segs segundo segundos"],
  [60, "m min mins minute minutes minuto minutos"],
  [3600, "h hr hrs hour hours hora horas"],
  [86400, "d day days día días dia dias"],
  [604800, "w wk wks week weeks sem semana semanas"],
].flatMap(([size, names]) => names.split(" ").map((name) => [name, size]));
const SIZES = new Map(UNITS);
const PART = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(\p{L}+)(?=[\s,;:.\d]|$)/u;
const WORD = /^(\S+)\s*([^]*)$/; // and what stands behind it

/** The seconds of a duration in figures and ever smaller units; null for anything else. */
export function duration(text) {
  const { seconds, rest } = leading(text);
  return rest.trim() ? null : seconds;
}

/** The seconds with which what is plainly typed begins, as `10m too loud`; null where that is not sure. */
export function howLong(typed) {
  const { seconds, rest } = leading(typed);
  const goesOn = /^\W*(and|y)\b/i.test(rest) || rest.toLowerCase().split(/\P{L}+/u).some((word) => SIZES.has(word));
  return goesOn ? null : seconds; // the server reads further
}

function leading(rest) {
  let seconds = null;
  let smallest = Infinity;
  for (let part; (part = PART.exec(rest)) && SIZES.get(part[2].toLowerCase()) < smallest; ) {
    smallest = SIZES.get(part[2].toLowerCase());
    seconds = (seconds ?? 0) + Number(part[1]) * smallest;
    rest = rest.slice(part[0].length);
  }
  return { seconds, rest };
}

/** The row of a command, by its name in either language, or what else it is called. */
export function rowOf(rows, name) {
  const wanted = name.toLowerCase();
  return rows.find(({ names }) => names.includes(wanted));
}

/** How a command is typed in a language, that of the rows. */
export function usage({ names, takes }, language) {
  return `/${names[language === "es" ? 1 : 0]} ${takes}`.trim();
}

/** The commands that begin with what was typed behind the `/`, by a name that they have in a language. */
export function commandsLike(rows, typed, language) {
  const at = language === "es" ? 1 : 0;
  const like = (name) => name.startsWith(typed.toLowerCase());
  return rows.filter(({ names }) => names.some(like)).map((row) => {
    const { [at]: own, [1 - at]: other } = row.names;
    return { row, name: !like(own) && like(other) ? other : own };
  });
}

/**
 * What a text means in a room (null: in a talk with one person): `{say}`, `{say, about}`, `{act}`, `{request}`,
 * `{tell, text}`, `{answer, re}` to a private message, `{announce}`, `{page, text}` and `{turn, on}` for the page
 * itself, or `{unknown}` or `{misused}`.
 */
export function meaning(text, rows, room) {
  text = asCommand(text, rows);
  if (!text.startsWith("/")) return { say: text };
  if (text.startsWith("//")) return { say: text.slice(1) };
  const [, name, rest] = /^\/(\S*)\s*([^]*)$/.exec(text);
  const row = rowOf(rows, name);
  if (!row) return { unknown: name };
  const read = READ[row.names[0]] || (row.type && ((_rest, room) => inRoom(row.type, room)));
  const meant = read && read(rest.trim(), room);
  return meant || { misused: row };
}

const SECRET = new Set(["join", "back", "register", "login", "password", "key", "operator"]);

/** A command with a secret is one behind blanks, too, or it would be said to all. */
export function asCommand(text, rows) {
  const [, typed, name] = /^\s+(\/(\S+)[^]*)$/.exec(text) || [];
  return typed && SECRET.has(rowOf(rows, name)?.names[0]) ? typed : text;
}

/** Which message a number means, as it is typed: `41`, `#41`, or `@41` of a private one; null for none. */
export function numbered(text, room) {
  const [, mark, digits] = /^([#@]?)(\d{1,15})$/.exec(text) || [];
  return Number(digits) ? { room: mark === INBOX ? INBOX : room ?? INBOX, seq: Number(digits) } : null;
}

const words = (rest, count) => {
  const found = rest.match(/\S+/g) || [];
  return [...found.slice(0, count), found.slice(count).join(" ")];
};
const asks = (type, fields) => ({ request: { type, ...fields } });
const inRoom = (type, room, fields = {}) => asks(type, { room: room ?? INBOX, ...fields }); // no room: it is refused
const page = (name) => (text) => ({ page: name, text });
const word = (rest) => (/\s/.test(rest) ? "" : rest); // the only one
const named = (rest) => word(rest.replace(/^#(?=.)/, "")); // a room; the sign is only shown
const person = (type, fields = {}) => (rest, room) => word(rest) && inRoom(type, room, { nick: rest, ...fields });
const anywhere = (type, fields = {}) => (rest) => word(rest) && asks(type, { nick: rest, ...fields });
const onOff = (rest) => ({ __proto__: null, on: true, off: false, "sí": true, si: true, no: false })[rest.toLowerCase()];
const turn = (name) => (rest) => (rest && onOff(rest) === undefined ? null : { turn: name, on: onOff(rest) });

/** How long and why is read by the server, as what is typed in a terminal is. */
function timed(type, who) {
  return (rest, room) => {
    const [, name, typed] = WORD.exec(rest) || [];
    return name && inRoom(type, room, { [who]: name, typed });
  };
}

/** One's own nick and password, or the password alone. */
function credentials(type) {
  return (rest) => {
    if (!rest) return { page: type };
    const [first, more] = words(rest, 1);
    return asks(type, more ? { nick: first, password: more } : { password: first });
  };
}

/** How what stands behind a command is read; where nothing need stand there, its row says enough. */
const READ = {
  help: page("help"),
  who: page("who"),
  rooms: page("rooms"),
  inbox: page("inbox"),
  invite: (_rest, room) => asks("invite", room === null ? {} : { room }), // of the whole house
  history: page("history"),
  times: turn("times"),
  "quiet-joins": turn("quiet-joins"),
  lang: (rest) => Object.hasOwn(LANGUAGES, rest.toLowerCase()) && { page: "lang", text: rest.toLowerCase() },
  quit: page("quit"),
  search: (rest) => rest && { page: "search", text: rest },
  nick: anywhere("nick"),
  me: (rest) => rest && { act: rest },
  msg: (rest) => {
    const [, nick, text] = WORD.exec(rest) || [];
    return nick && (text ? { tell: nick, text } : { page: "open", text: nick });
  },
  join: (rest) => {
    const [first, key] = words(rest, 1);
    const room = first && named(first);
    return room && asks("join", key ? { room, key } : { room });
  },
  leave: (rest, room) => {
    if (!rest && room === null) return { page: "close" };
    const which = rest ? named(rest) : room;
    return which && asks("leave", { room: which });
  },
  topic: (rest, room) => inRoom("topic", room, rest ? { text: rest === "-" ? "" : rest } : {}),
  ignore: (rest) => (rest ? anywhere("ignore", { on: true })(rest) : asks("ignore")),
  unignore: anywhere("ignore", { on: false }),
  delete: (rest) => word(rest) === rest && !/^[#@]?0+$/.test(rest) && { page: "delete", text: rest },
  numbers: turn("numbers"),
  raw: (rest, room) => {
    const which = numbered(rest, room);
    return which && asks("raw", which);
  },
  fix: (rest, room) => {
    const [, number, text] = /^([#@]\d+)\s+([^]+)$/.exec(rest) || [];
    const which = number && numbered(number, room);
    return rest && (which ? { page: "fix", text, which } : { page: "fix", text: rest });
  },
  re: (rest, room) => {
    const [, number, text] = WORD.exec(rest) || [];
    const which = text && numbered(number, room);
    if (!which) return null;
    return which.room === INBOX ? { answer: text, re: which.seq } : { say: text, about: { re: which.seq } };
  },
  register: (rest) => !words(rest, 2)[2] && credentials("register")(rest),
  login: credentials("login"),
  password: (rest) => {
    if (!rest) return { page: "password" };
    const [old, fresh, more] = words(rest, 2);
    return fresh && !more && asks("password", { old, new: fresh });
  },
  operator: (rest) => rest && asks("charge", { code: rest }),
  key: (rest, room) => room !== null && !rest ? { page: "key" } : rest && inRoom("key", room, { key: rest === "-" ? null : rest }),
  slow: (rest, room) => {
    if (["off", "no"].includes(rest.toLowerCase())) return inRoom("slow", room, { seconds: 0 });
    const seconds = duration(/^\d+$/.test(rest) ? `${rest}s` : rest);
    return seconds === null ? null : inRoom("slow", room, { seconds });
  },
  quiet: (rest, room) => {
    const on = onOff(rest);
    return on === undefined ? null : inRoom("quiet", room, { on });
  },
  voice: person("voice", { on: true }),
  unvoice: person("voice", { on: false }),
  kick: (rest, room) => {
    const [nick, reason] = words(rest, 1);
    return nick && inRoom("kick", room, { nick, reason });
  },
  ban: timed("ban", "who"),
  unban: (rest, room) => word(rest) && inRoom("unban", room, { who: rest }),
  mute: timed("mute", "nick"),
  unmute: person("unmute"),
  announce: (rest) => rest && { announce: rest },
  op: anywhere("operator", { on: true }),
  deop: anywhere("operator", { on: false }),
  whois: anywhere("whois"),
  audit: (rest) => (rest ? /^0*[1-9]\d{0,8}$/.test(rest) && asks("audit", { limit: Number(rest) }) : asks("audit")),
};
