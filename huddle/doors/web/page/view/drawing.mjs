// When the page is drawn: before the next frame, and seldom while much is coming.

const PAUSE = 100; // milliseconds between two drawings: what comes meanwhile is drawn at once, and keys are not held up
const HIDDEN = 500; // milliseconds until what nobody sees is drawn: a hidden window has no frames, but a title

export class Drawing {
  /** `draw` draws all there is; `window` has the clock, the timers and the frames. */
  constructor(draw, window) {
    this._draw = draw;
    this._window = window;
    this._due = false;
    this._last = -Infinity;
  }

  /** Something has changed that may be seen. */
  changed() {
    if (this._due) return;
    this._due = true;
    const wait = this._last + PAUSE - this._window.performance.now();
    if (wait > 0) this._window.setTimeout(() => this._beforeFrame(), wait);
    else this._beforeFrame();
  }

  _beforeFrame() {
    const now = () => {
      this._window.cancelAnimationFrame(frame);
      this._window.clearTimeout(timer);
      this._due = false;
      this._last = this._window.performance.now();
      this._draw();
    };
    const frame = this._window.requestAnimationFrame(now);
    const timer = this._window.setTimeout(now, HIDDEN);
  }
}
