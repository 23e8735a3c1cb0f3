// The door: the form by which one comes in, and what may be wrong with a nick.

import { $ } from "./dom.mjs";

let given = ""; // the nick that was not chosen since: with which one tried to come in, or that one had

/** Show the door; `reason`: why one is not in. */
export function showDoor(nick, reason = "") {
  const isAt = !$("door").hidden;
  $("splash").hidden = $("house").hidden = true;
  $("door").hidden = false;
  $("refusal").textContent = reason;
  if (!$("nick").value) given = $("nick").value = nick;
  if (!isAt) $("nick").focus(); // else one types on, perhaps a password, which is not for all to see
}

/** Show the house. */
export function showHouse() {
  $("splash").hidden = $("door").hidden = true;
  $("house").hidden = false;
}

/**
 * The nick was refused, and another one may be free; whoever types one already, or a password, since that was
 * long ago, types on.
 */
export function offer(suggestion) {
  const isSecret = document.activeElement === $("password") && $("password").value;
  if ($("nick").value !== given || isSecret) return;
  if (suggestion) given = $("nick").value = suggestion;
  $("nick").focus();
  $("nick").select();
}

/** The nick has a password. */
export function askForPassword() {
  $("password-row").hidden = false;
  if ($("nick").value === given) $("password").focus(); // else another nick is being typed
}

/** Say why one cannot come in now; tells whether one is at the door. */
export function refuse(reason) {
  const isHere = $("house").hidden;
  if (isHere) $("refusal").textContent = reason;
  return isHere;
}

/** `enter` is called with a nick, and the password or nothing. */
export function listenToDoor(enter) {
  $("enter").addEventListener("submit", (event) => {
    event.preventDefault();
    const password = $("password").value;
    $("refusal").textContent = "";
    $("password").value = "";
    given = $("nick").value;
    enter(given.trim(), password);
  });
}
