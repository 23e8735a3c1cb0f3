// What the page says: English as it stands in the scripts, other languages by Huddle's catalogues.

import { crc32 } from "./colours.mjs";

export const LANGUAGES = { en: "English", es: "Español" };

let language = "en";
let said = {};

/** Say everything in this language from now on; `catalogue` has its sentences, by the sums of the English ones. */
export function speak(name, catalogue) {
  language = name;
  said = catalogue;
}

/** The language that is spoken. */
export function spoken() {
  return language;
}

/** The first of the wanted languages that the page speaks. */
export function choose(wanted) {
  const known = wanted.map((tag) => tag.toLowerCase().split("-")[0]).find((tag) => tag in LANGUAGES);
  return known || "en";
}

/** A sentence, with its fields filled in. */
export function _(sentence, fields = {}) {
  return fill(inLanguage(sentence) ?? sentence, fields);
}

/** One that depends on a count. */
export function ngettext(one, many, count, fields = {}) {
  const forms = inLanguage(one) ?? [one, many];
  return fill(count === 1 ? forms[0] : forms[1], { count, ...fields });
}

function inLanguage(sentence) {
  return said[crc32(new TextEncoder().encode(sentence)).toString(16)];
}

function fill(sentence, fields) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? fields[name] : whole));
}

/** The time of day, as `18:02`. */
export function clockTime(time) {
  return format(time, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** The day, in full and before its month as in all of Huddle. It is asked of every message again and again: the same minute has the same one. */
export function dayOf(time) {
  const minute = language + time.slice(0, 16);
  if (minute !== lastDay.minute) {
    const text = format(time, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    lastDay = { minute, text };
  }
  return lastDay.text;
}

/** Day and time. */
export function momentOf(time) {
  return format(time, { dateStyle: "medium", timeStyle: "short" });
}

const formats = new Map();
let lastDay = {};

function format(time, how) {
  const key = language + JSON.stringify(how);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, how));
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : formats.get(key).format(date);
}

/** Names, one after the other. */
export function listed(names) {
  return names.join(", ");
}
