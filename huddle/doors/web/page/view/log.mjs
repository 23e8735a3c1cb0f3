// The log: of what is to be seen only a part is in the page, however much there is.
//
// It shows the end while it is at the end. Where one scrolls up, what stands there comes in at the
// top and leaves at the bottom, and what one looks at stays where it is.

import { give } from "./dom.mjs";
import { elementOf, versionOf } from "./lines.mjs";

const FEW = 150; // items in the page at the end of the log: twice as many, before those above go, all at once
const MOST = 600; // and while one reads further up
const STEP = 75; // that come in at once
const NEAR = 600; // pixels from an end at which they come
const ALOUD = 10; // items that a screen reader is given at once
const LULL = 1000; // milliseconds after which it is told how many more there were

export class Log {
  /**
   * `older` is called when the first item is near; `onNick` with a nick that is pressed, `onNumber` with
   * the number of a message whose time is, or that is chosen by keys; `left` when Escape leads out;
   * `moved` with whether the end is seen;
   * `came` with how many items have come that were too many to be read aloud.
   */
  constructor(scroller, list, { older, onNick, onNumber, left, moved, came }) {
    this._scroller = scroller;
    this._list = list;
    this._older = older;
    this._moved = moved;
    this._came = came;
    this._untold = 0; // items that came and were not read aloud
    this._items = [];
    this._shown = new Map();
    this._unfolded = new Set(); // blocks that are shown whole, by their keys
    this._start = 0;
    this._end = 0;
    this.atEnd = true;
    this.arrives = true; // whether one has just come, and is shown where one had not read on
    this._ruled = false; // whether one is there, and more of what was missed may come
    this._top = 0; // where the scroller was when it was last looked at
    this._nick = "";
    scroller.addEventListener("scroll", () => this._scrolled(), { passive: true });
    list.addEventListener("click", (event) => {
      const nick = event.target.closest("[data-nick]");
      const number = Number(event.target.closest("time")?.dataset.seq);
      if (nick) onNick(nick.dataset.nick);
      else if (number) onNumber(number);
      else if (event.target.closest("button")) this._scrolled(); // a block was unfolded
    });
    scroller.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Escape") left();
      else if (!this._walks(event) && !this._chooses(event, onNumber)) return;
      event.preventDefault();
    });
    const observer = new ResizeObserver(() => this.atEnd && this._stick());
    for (const each of [scroller, list]) observer.observe(each);
  }

  /** Show these items; `fresh`: of another conversation, where one had not read on, or at its end. */
  show(items, { nick, fresh = false, quiet = false }) {
    const atTop = this._items[this._start]?.key;
    const wholeEnd = this._end >= this._items.length;
    this._items = items;
    this._nick = nick;
    if (fresh) {
      this._shown.clear();
      this._list.replaceChildren();
      this.atEnd = this.arrives = true;
      this._ruled = false;
    }
    const top = items.findLastIndex(({ key }) => key === atTop);
    if (this.atEnd) {
      this._end = items.length;
      this._start = Math.max(0, this._end - FEW);
      if (top >= 0 && this._end - top <= 2 * FEW) this._start = Math.min(this._start, top);
    } else {
      this._start = Math.max(0, top);
      this._end = wholeEnd ? Math.min(items.length, this._start + MOST) : Math.min(items.length, this._start + this._shown.size);
    }
    this._render(quiet || fresh);
    if (this._ruled && !endsInThePast(items)) this.arrives = false;
    if (this.arrives) this._toRule();
    if (this._start === 0 && this._scroller.scrollTop < NEAR) this._older();
  }

  /** Go to the end. */
  toEnd() {
    this.atEnd = true;
    this.arrives = false;
    this._end = this._items.length;
    this._start = Math.max(0, this._end - FEW);
    this._render(true);
  }

  /** Words have changed: show everything anew. */
  again() {
    this._shown.clear();
    this._list.replaceChildren();
    this._render(true);
  }

  /** By the arrow keys, from message to message: none of them is a stop of Tab, however many there are. */
  _walks({ key, shiftKey, target }) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (!step || shiftKey) return false;
    const rows = [...this._list.querySelectorAll(".line")];
    const from = rows.indexOf(target.closest(".line"));
    const edge = this._scroller.getBoundingClientRect().bottom;
    const row = from < 0 ? rows.findLast((each) => each.getBoundingClientRect().bottom < edge + 9) : rows[from + step];
    if (row) focusOn(row);
    return Boolean(row);
  }

  /** Enter, the menu key or Shift-F10 on a message. */
  _chooses({ key, shiftKey, target }, onNumber) {
    const asks = key === "ContextMenu" || (shiftKey ? key === "F10" : key === "Enter");
    const number = asks && target.matches(".line") && Number(target.querySelector("time")?.dataset.seq);
    if (!number) return false;
    noMenu();
    onNumber(number);
    return true;
  }

  _stick() {
    this._scroller.scrollTop = this._scroller.scrollHeight;
    this._top = this._scroller.scrollTop;
  }

  /** Have the unread rule in view, if there is one. */
  _toRule() {
    const rule = this._items.findIndex(({ is }) => is === "rule");
    if (rule < 0) return;
    this._start = Math.max(0, Math.min(this._start, rule - STEP));
    this._end = Math.min(this._items.length, this._start + MOST);
    this._render(true);
    this.atEnd = false;
    const { top, height } = this._scroller.getBoundingClientRect();
    this._scroller.scrollTop += this._shown.get("unread").element.getBoundingClientRect().top - top - height / 4;
    this._ruled = true;
    this._scrolled();
  }

  /** The end is left by going up, and not by what grows or shrinks around it. */
  _scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this._scroller;
    const below = scrollHeight - clientHeight - scrollTop;
    const stays = below < 40 || (this.atEnd && scrollTop >= this._top);
    this._top = scrollTop;
    this.atEnd = stays && this._end >= this._items.length;
    if (!this.atEnd) this.arrives = false;
    this._moved(this.atEnd);
    if (scrollTop < NEAR) this._up();
    else if (below < NEAR && this._end < this._items.length) this._down();
  }

  _up() {
    if (this._start > 0) {
      this._start = Math.max(0, this._start - STEP);
      this._end = Math.min(this._end, this._start + MOST);
      this._render(true);
    } else this._older();
  }

  _down() {
    this._end = Math.min(this._items.length, this._end + STEP);
    this._start = Math.max(0, this._end - MOST);
    this._render(true);
  }

  /** Make the page have what it should; what is known stays the element that it was. */
  _render(quiet) {
    const anchor = this.atEnd ? null : this._anchor();
    const known = this._shown;
    const items = this._items.slice(this._start, this._end);
    const news = quiet ? 0 : items.filter(({ key }) => !known.has(key)).length;
    if (news > ALOUD) this._tellLater(news);
    quiet ||= news > ALOUD;
    if (quiet) this._list.setAttribute("aria-live", "off");
    this._shown = new Map();
    let focused = null; // what is made anew, and had the focus
    for (const item of items) {
      const version = versionOf(item);
      let row = known.get(item.key);
      if (row?.version !== version) {
        const had = row && row.element === document.activeElement;
        row = { version, element: elementOf(item, this._nick, this._unfolded) };
        if (had) focused = row.element;
      }
      this._shown.set(item.key, row);
    }
    // What goes does so first: else all that stays would be moved to before it, and laid out and read aloud anew.
    for (const [key, { element }] of known) if (this._shown.get(key)?.element !== element) element.remove();
    let next = this._list.firstChild;
    for (const { element } of this._shown.values()) {
      if (element === next) next = next.nextSibling;
      else this._list.insertBefore(element, next);
    }
    if (focused) focusOn(focused);
    if (this.atEnd) this._stick();
    else if (anchor?.element.isConnected) {
      this._scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
    }
    if (quiet) requestAnimationFrame(() => this._list.setAttribute("aria-live", "polite"));
  }

  /** So many have come at once that they are not read aloud, but counted, when no more of them come. */
  _tellLater(count) {
    this._untold += count;
    clearTimeout(this._telling);
    this._telling = setTimeout(() => {
      this._came(this._untold);
      this._untold = 0;
    }, LULL);
  }

  /** The first line that can be seen, and where; days stay at the top whatever comes. */
  _anchor() {
    const edge = this._scroller.getBoundingClientRect().top;
    for (const element of this._list.children) {
      const { bottom, top } = element.getBoundingClientRect();
      if (bottom > edge && !element.classList.contains("day")) return { element, top };
    }
    return null;
  }
}

/** Until something else is pressed the browser's own menu does not come over this one, as where a key is let go. */
function noMenu() {
  const none = (event) => event.preventDefault();
  const other = ({ repeat }) => {
    if (repeat) return;
    for (const [name, listener] of listeners) removeEventListener(name, listener, true);
  };
  const listeners = [["contextmenu", none], ["keydown", other], ["pointerdown", other]];
  for (const [name, listener] of listeners) addEventListener(name, listener, true);
}

/** Have a message the focus, in view, and read aloud as it stands there. */
function focusOn(row) {
  const [text, time] = [".body", ".time"].map((part) => row.querySelector(part).textContent);
  row.tabIndex = -1; // also where it says so: without the attribute nothing can have the focus
  give(row, { role: "article", "aria-label": `${text} ${time}` });
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** Whether the newest message of these was said before one came. */
function endsInThePast(items) {
  const newest = items.findLast(({ is }) => is === "message" || is === "block");
  return Boolean((newest?.message ?? newest?.lines.at(-1))?.past);
}
