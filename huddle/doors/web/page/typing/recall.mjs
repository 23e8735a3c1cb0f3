// What was typed before, to be had again by the arrows. No input or output.

export class Recall {
  constructor() {
    this._texts = [];
    this._back = 0; // which one is there, counted from the last; 0: none
  }

  /** A text was sent. */
  add(text) {
    this._texts.push(text);
    this._back = 0;
  }

  /** Whether a text is there that was typed before. */
  get isBack() {
    return this._back > 0;
  }

  /** The one before, while the field is empty or has one of them; null for none. */
  older(text) {
    if ((!this._back && text) || this._back >= this._texts.length) return null;
    return this._texts.at(-++this._back);
  }

  /** The one behind; empty behind the last. */
  newer() {
    this._back -= 1;
    return this._back ? this._texts.at(-this._back) : "";
  }
}
