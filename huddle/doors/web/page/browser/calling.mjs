// Calling somebody who looks elsewhere, as far as they have chosen it.

import { _ } from "../words/catalogue.mjs";
import { settings } from "./storage.mjs";

let audio = null;

/** Tell of a message by a notification and a sound; `opened` is called where the first is clicked. */
export function call({ nick, text }, tag, opened) {
  if (settings.sound) beep();
  if (!notifies()) return;
  try {
    const told = new Notification(nick, { body: text, tag });
    told.onclick = () => {
      window.focus();
      opened();
      told.close();
    };
  } catch {
    // a phone, where only a service worker may
  }
}

/** Whether one is told by notifications: it was chosen, and the browser still lets it. */
export function notifies() {
  return settings.notify && window.Notification?.permission === "granted";
}

/** Ask the browser whether there may be notifications; resolves to why there are none, or to "". */
export async function askToNotify() {
  if (!isSecureContext) return _("Browsers allow that only to pages that come by https.");
  if (!canNotify()) return _("Your browser cannot do that for a page.");
  const permission = await Notification.requestPermission();
  return permission === "granted" ? "" : _("Your browser does not allow it; its settings of this page do.");
}

/** Whether a page may make one at all: on phones only a service worker may. */
function canNotify() {
  try {
    new Notification("Huddle").close();
    return true;
  } catch {
    return false;
  }
}

function beep() {
  audio ||= new AudioContext();
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.frequency.value = 880;
  gain.gain.setValueAtTime(0.1, audio.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.3);
  tone.connect(gain).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.3);
}
