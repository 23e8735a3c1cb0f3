// Events in sentences: what stands in the log between the messages, by the words of all of Huddle.

import { _, listed, momentOf, ngettext } from "./catalogue.mjs";

const SIZES = Object.entries({ d: 86400, h: 3600, m: 60, s: 1 });

/** How long, as one would type it, in the largest unit that leaves a whole number (`huddle.locale.durations`). */
export function brief(seconds) {
  const [unit, size] = SIZES.find(([, size]) => seconds % size === 0) ?? ["s", 1];
  return seconds / size + unit;
}

const because = (sentence, reason) => (reason ? `${sentence}: ${reason}` : sentence);

/** What happened in a room, or null for what is not told there. */
export function happened(event) {
  const { nick, by } = event;
  switch (event.event) {
    case "Joined": return _("{nick} joined", { nick });
    case "Left": return by
      ? because(_("{by} sent {nick} away", { by, nick }), event.reason) : _("{nick} left", { nick });
    case "Renamed": return _("{nick} is now {new}", { nick, new: event.new });
    case "Gap": {
      const count = event.last - event.first + 1;
      return ngettext("{count} message is gone", "{count} messages are gone", count);
    }
    case "Changed": return changed(event);
    case "Reset": return _("The server has begun a new record.");
    case "StandingIs": {
      const told = standing(event);
      return told && because(told, event.reason);
    }
    case "Removed": return because(_("{by} sent you out of {room}", { by, room: event.room }), event.reason);
    case "Closing": return _("The server is closing. Bye!");
    case "Delayed": return _("The server cannot record anything now; what you said is said again.");
    case "Expired": return _("It is not known any more whether this was said: {line}", { line: event.line.text });
    case "Missing": return ngettext(
      "{count} message was not sent here", "{count} messages were not sent here", event.last - event.first + 1);
    case "Unreadable": return _("The server sent something that this program does not understand.");
    case "Unread": return ngettext(
      "{nick} has not read {count} message", "{nick} has not read {count} messages", event.count, { nick });
  }
  return null;
}

function changed({ nick, setting, value }) {
  if (setting === "topic") {
    return value ? _("{nick} set the topic: {value}", { nick, value }) : _("{nick} took the topic away", { nick });
  }
  if (setting === "key") {
    return value ? _("{nick} locked the room", { nick }) : _("{nick} took the key away", { nick });
  }
  if (setting === "slow") {
    return value
      ? _("{nick} made the room slow: one line every {value}", { nick, value: brief(value) })
      : _("{nick} ended the slow mode", { nick });
  }
  return value
    ? _("{nick} made the room quiet: only those with a voice speak", { nick })
    : _("{nick} lets everybody speak again", { nick });
}

function standing({ standing: how, by, until }) {
  const who = by || _("the house");
  switch (how) {
    case "voiced": return _("{by} gave you a voice: you may speak in a quiet room", { by: who });
    case "unvoiced": return _("{by} took your voice away: you do not speak in a quiet room", { by: who });
    case "muted": return until
      ? _("{by} muted you until {until}", { by: who, until: momentOf(until) })
      : _("{by} muted you: you hear, and do not speak", { by: who });
    case "muted-too": return _("{by} muted somebody who has just gone from your address, and so you are muted, too; {by} can let you speak", { by: who });
    case "unmuted": return _("{by} lets you speak again", { by: who });
    case "operator": return _("{by} made you an operator: /help lists what you may do", { by: who });
    case "no-operator": return _("{by} made you no operator any more", { by: who });
    case "acting": return _("you are an operator as long as you stay; for good by /register PASSWORD. /help lists what you may do");
  }
  return null; // one that is not known here
}

/** Why an own line, or a request, was refused; the server's own words where it gave some. */
export function refused({ code, reason }) {
  if (reason) return reason;
  if (code === "text-too-long") return _("Not said: it is too long.");
  if (code === "lost") return _("The connection was lost; it is not known whether that was done.");
  return _("That was refused ({code}).", { code });
}

/** The answer to a request in lines; none where everybody in the room is told of it. */
export function answered(request, answer) {
  switch (request.type) {
    case "topic":
      if (!("topic" in answer)) return [];
      if (!answer.topic) return [_("This room has no topic.")];
      return [_("topic, by {by}: {topic}", { by: answer.by, topic: answer.topic })];
    case "nick": return [_("you are {nick}", { nick: answer.nick || request.nick })];
    case "register": return answer.nick
      ? [_("The nick {nick} is registered: from now on it needs its password.", { nick: answer.nick })]
      : [_("Done.")];
    case "login": return [_("You are logged in as {nick}.", { nick: answer.nick })];
    case "ignore": return [answer.ignoring.length
      ? _("You ignore: {nicks}.", { nicks: listed(answer.ignoring) }) : _("You ignore nobody.")];
    case "bans": return answer.bans.length ? answer.bans.map(ban) : [_("Nobody is kept out.")];
    case "whois": return whois(answer);
    case "audit": return answer.entries.map(({ time, room, act, by, target, detail }) =>
      [momentOf(time), room, by, act, target, detail].filter(Boolean).join(" · "));
    case "nodes": return answer.nodes.length ? answer.nodes.map(node)
      : [_("This server is the whole house: it is not one of several nodes.")];
    case "help": case "leave": case "join": case "key": case "slow": case "quiet": case "kick":
    case "delete": case "history": case "search": case "who": case "rooms": case "invite": case "raw": return [];
  }
  return [done(request) ?? _("Done.")];
}

/** What was done to somebody, for so many `seconds` or for good. */
function done({ type, nick, who = nick, on, seconds }) {
  const time = seconds && brief(seconds);
  switch (type) {
    case "mute": return time ? _("{who} is muted for {time}", { who, time }) : _("{who} is muted", { who });
    case "unmute": return _("{who} may speak again", { who });
    case "ban": return time ? _("{who} is kept out for {time}", { who, time }) : _("{who} is kept out", { who });
    case "unban": return _("{who} may come in again", { who });
    case "voice": return on ? _("{who} has a voice", { who }) : _("{who} has no voice any more", { who });
    case "operator": return on ? _("{who} is an operator now", { who }) : _("{who} is no operator any more", { who });
  }
}

function ban({ who, nick, until, by, reason }) {
  const name = nick && nick !== who ? `${who} (${nick})` : who;
  const told = until
    ? _("{who} by {by} until {until}", { who: name, by, until: momentOf(until) }) : `${name} · ${by}`;
  return because(told, reason);
}

function whois({ nick, account, addresses, rooms, away, operator }) {
  return [[
    account ? _("{nick} has the account {account}.", { nick, account }) : _("{nick} has no account.", { nick }),
    operator ? _("Operator.") : "",
    away ? _("Away.") : "",
    addresses.length ? _("From: {addresses}.", { addresses: listed(addresses) }) : "",
    rooms.length ? _("In: {rooms}.", { rooms: listed(rooms) }) : "",
  ].filter(Boolean).join(" ")];
}

function node({ node, here, since, standing, behind, people, skew }) {
  const stands = {
    level: _("level"), unheard: _("not heard"), stopped: _("stopped"), gone: _("gone"),
    halted: _("halted: its log says why"), waiting: _("waits for the others"),
    refusing: _("has lost the others"), alone: _("has lost the others"),
    skewed: _("its clock is wrong"), "read-only": _("read only: the nodes differ"),
  };
  return [
    here ? _("{node}, this one", { node }) : node,
    standing === "behind"
      ? ngettext("{count} batch behind", "{count} batches behind", behind)
      : Object.hasOwn(stands, standing) ? stands[standing] : standing,
    since && _("since {time}", { time: momentOf(since) }),
    ngettext("{count} person", "{count} people", people),
    skew === null ? "" : _("clock {seconds} s", { seconds: (skew < 0 ? "" : "+") + skew.toFixed(1) }),
  ].filter(Boolean).join(" · ");
}

/** What is so from now on, since something was turned on or off. */
export function turned(name, on) {
  if (name === "quiet-joins") {
    if (on === null) return _("you are told who comes and goes where few are");
    return on ? _("you are not told who comes and goes") : _("you are told who comes and goes");
  }
  if (name === "times") return on ? _("every line shows its time") : _("lines show no time");
  return on
    ? _("every message shows its number: /delete 41, /re 41 TEXT, /raw 41") : _("messages show no number any more");
}
