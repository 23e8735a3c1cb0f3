// What the page asks the server for beside its own files: the sentences of a language, the commands.

import { speak } from "../words/catalogue.mjs";

let chosen = ""; // the language that was asked for last

/**
 * Speak a language from now on; English where the server has no sentences of it. Resolves to the rows of the
 * commands that all of Huddle's clients have, or to null where another language was chosen meanwhile.
 */
export async function learn(language) {
  chosen = language;
  const [rows, sentences] = await Promise.all([
    fetched(`commands/${language}.json`, []), language === "en" ? {} : fetched(`sentences/${language}.json`, {}),
  ]);
  if (language !== chosen) return null;
  speak(language, sentences);
  document.documentElement.lang = language;
  return rows.map(([names, takes, summary, type]) => ({ names, takes, summary, type }));
}

async function fetched(path, otherwise) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : otherwise;
  } catch {
    return otherwise;
  }
}
