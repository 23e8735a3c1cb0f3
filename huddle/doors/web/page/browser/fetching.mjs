// What the page asks the server for beside its own files: the sentences of a language, the commands.

import { speak } from "../words/catalogue.mjs";

/** Speak a language from now on; English where the server has no sentences of it. */
export async function learn(language) {
  speak(language, language === "en" ? {} : await fetched(`sentences/${language}.json`, {}));
  document.documentElement.lang = language;
}

/** The rows of the commands that all of Huddle's clients have. */
export async function commandRows() {
  const rows = await fetched("commands.json", []);
  return rows.map(([names, takes, summary]) => ({ names, takes, summary }));
}

async function fetched(path, otherwise) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : otherwise;
  } catch {
    return otherwise;
  }
}
