// What the browser keeps for this address; in memory where it keeps nothing.

import { freshState } from "../session/effects.mjs";

const PREFIX = "huddle:";

export const storage = {
  memory: {},
  get(name) {
    try {
      const kept = localStorage.getItem(PREFIX + name);
      return kept === null ? (this.memory[name] ?? null) : JSON.parse(kept);
    } catch {
      return this.memory[name] ?? null;
    }
  },
  set(name, value) {
    this.memory[name] = value;
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      // full, or forbidden: it lasts as long as the page
    }
  },
};

/** The state of the session that was kept, whole whatever became of it. */
export function keptState() {
  return { ...freshState(), ...storage.get("session") };
}

/** What the user has chosen: language, theme, and how to be called. */
export const settings = { language: null, theme: null, notify: false, sound: false, ...storage.get("settings") };

/** Choose something else. */
export function keep(changes) {
  storage.set("settings", Object.assign(settings, changes));
}

/** A secret of 192 bits; `crypto.randomUUID` is not for pages over http. */
export function freshSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
}

/** Keep what is being typed over a reload of this tab; no command, since a password may stand behind one. */
export function keepDraft(key, text) {
  try {
    sessionStorage[PREFIX + "draft"] = JSON.stringify(/^\s*[/／]/.test(text) ? [] : [key, text]);
  } catch {
    // forbidden
  }
}

/** The conversation in which something was being typed, and what; empty if nothing was. */
export function keptDraft() {
  try {
    return JSON.parse(sessionStorage[PREFIX + "draft"]);
  } catch {
    return [];
  }
}
