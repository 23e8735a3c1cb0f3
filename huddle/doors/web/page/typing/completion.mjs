// What is completed: a command while its name is typed, a nick anywhere. No input or output.

import { commandsLike } from "./commands.mjs";

const MARKED = /^([\p{Ps}\p{Pi}"'¿¡]*)(@?)(.*)$/su; // a nick in brackets, in quotes, in a question

/** The commands that may be meant by a text, each with the name to be put there; `may`: which one may use. */
export function suggestions(text, rows, language, may) {
  if (!/^\/(?!\/)\S*$/.test(text)) return [];
  const usable = ({ row }) => row.names[0] !== "back" && may(row.names[0]);
  return commandsLike(rows, text.slice(1), language).filter(usable);
}

/** Names that begin as what was typed, those who spoke last first; never one's own. */
export function namesLike(typed, { messages, here }, own) {
  const wanted = typed.toLowerCase();
  const spoke = [...messages].reverse().map(({ nick }) => nick);
  const names = new Set([...spoke, ...[...here].sort()]);
  names.delete(own);
  return [...names].filter((name) => name && name.toLowerCase().startsWith(wanted));
}

/** Completes the word before the cursor to a nick, behind the marks that it begins with; asked again, to the next one. */
export class NickCompletion {
  constructor() {
    this._last = null;
  }

  /**
   * What is to stand between `from` and `at`, the cursor, in a text; null: it is left alone, and Tab leads on. `names`
   * gives those that begin as what was typed. Behind several of them comes what was typed; that stays once where there
   * is none: a Tab and a blank would say what is half written.
   */
  next(text, at, names) {
    let last = this._last;
    if (this._isAt(text, at)) last.which += 1;
    else {
      const [typed, opening, sign, begun] = MARKED.exec(/\S*$/u.exec(text.slice(0, at))[0]);
      if (!typed) return null;
      const from = at - typed.length;
      const end = opening ? "" : sign || from ? " " : ": ";
      const found = sign || begun ? names(begun) : [];
      const choices = found.map((name) => opening + sign + name + end);
      if (found.length !== 1) choices.push(typed);
      last = { from, choices, which: 0, isVain: !found.length };
    }
    const { from, choices, which, isVain } = last;
    const name = choices[which];
    if (!name) return this.done(text, at);
    this._last = { ...last, text: text.slice(0, from) + name + text.slice(at), at: from + name.length };
    return { name, from, isVain };
  }

  /** Nothing more is to be completed there. */
  done(text, at) {
    this._last = { text, at, choices: [], which: 0 };
    return null;
  }

  _isAt(text, at) {
    return this._last?.text === text && this._last.at === at;
  }
}
