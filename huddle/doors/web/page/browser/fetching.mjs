// What the page asks the server for beside its own files: the sentences of a language, the commands.

import { speak } from "../words/catalogue.mjs";

/**
 * Speak a language from now on; English where the server has no sentences of it. The rows of the
 * commands that all of Huddle's clients have come later, to `haveRows`.
 */
export async function learn(language, haveRows) {
  const rows = fetched(`commands/${language}.json`, []);
  rows.then((all) => haveRows(all.map(([names, takes, summary, type]) => ({ names, takes, summary, type }))));
  speak(language, language === "en" ? {} : await fetched(`sentences/${language}.json`, {}));
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
