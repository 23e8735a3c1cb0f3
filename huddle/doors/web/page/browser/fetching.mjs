// What the page asks the server for beside its own files: the sentences of a language, the commands.

import { speak } from "../words/catalogue.mjs";

let times = 0; // that a language was chosen: what comes of an earlier time is passed over
let isLost = false; // whether something of it was lost on the way

/** Whether the language is to be learned again: its sentences or its commands have not come. */
export const isHalfLearned = () => isLost;

/**
 * Speak a language from now on; English where its sentences were lost. Resolves to the rows of the commands that
 * all of Huddle's clients have, none where those were lost, or to null where one was chosen again meanwhile.
 */
export async function learn(language) {
  const time = ++times;
  const [rows, sentences] = await Promise.all([
    fetched(`commands/${language}.json`), language === "en" ? {} : fetched(`sentences/${language}.json`),
  ]);
  if (time !== times) return null;
  isLost = !rows || !sentences;
  speak(language, sentences ?? {});
  document.documentElement.lang = language;
  return (rows ?? []).map(([names, takes, summary, type]) => ({ names, takes, summary, type }));
}

async function fetched(path) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
