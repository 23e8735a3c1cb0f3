// What is completed: a command while its name is typed, a nick anywhere. No input or output.

import { commandsLike } from "./commands.mjs";

const MOST = 8; // suggestions

/** The commands that may be meant by a text, each with the name to be put there; `may`: which one may use. */
export function suggestions(text, rows, language, may) {
  if (!/^\/(?!\/)\S*$/.test(text)) return [];
  const usable = ({ row }) => row.names[0] !== "back" && may(row.names[0]);
  return commandsLike(rows, text.slice(1), language).filter(usable).slice(0, MOST);
}

/** Names that begin as what was typed, those who spoke last first; never one's own. */
export function namesLike(typed, { messages, here }, own) {
  const wanted = typed.toLowerCase();
  const spoke = [...messages].reverse().map(({ nick }) => nick);
  const names = new Set([...spoke, ...[...here].sort()]);
  names.delete(own);
  return [...names].filter((name) => name && name.toLowerCase().startsWith(wanted));
}

/** Completes the nick before the cursor; asked again, by the next one that fits. */
export class NickCompletion {
  constructor() {
    this._last = null;
  }

  /**
   * What is to stand between `from` and `at`, the cursor, in a text; null for nothing. `names` gives
   * those that begin as what was typed.
   */
  next(text, at, names) {
    let last = this._last;
    if (last?.text === text && last.at === at) last.which += 1;
    else {
      const from = text.slice(0, at).search(/[^\s]*$/u);
      const found = from === at ? [] : names(text.slice(from, at));
      if (!found.length) return null;
      last = { from, found, which: 0 };
    }
    const { from, found, which } = last;
    const name = `${found[which % found.length]}${from === 0 ? ": " : " "}`;
    this._last = { ...last, text: text.slice(0, from) + name + text.slice(at), at: from + name.length };
    return { name, from };
  }
}
