// Calling somebody who looks elsewhere, as far as they have chosen it.

import { settings } from "./storage.mjs";

let audio = null;

/** Tell of a message by a notification and a sound; `opened` is called where the first is clicked. */
export function call({ nick, text }, tag, opened) {
  if (settings.sound) beep();
  if (!settings.notify || window.Notification?.permission !== "granted") return;
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

/** Ask the browser whether there may be notifications. */
export function askToNotify() {
  window.Notification?.requestPermission();
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
