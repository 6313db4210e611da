import { abortable } from "../shared/abort.js";

/** Resolves after so many milliseconds, by the timers of init()'s scope where it has any; `signal` ends it. */
export function pause(global, scope, milliseconds, signal) {
  const start = scope.setTimeout ?? ((...args) => global.setTimeout(...args));
  const cancel = scope.clearTimeout ?? ((timer) => global.clearTimeout(timer));
  return abortable(signal, (task) => new Promise((resolve) => {
    const timer = start(resolve, milliseconds);
    task.cancel = () => cancel(timer);
  }));
}

/**
 * The timers of one Go program. They are known here because a timer that fires
 * into a program that has ended would throw, and because under Node only a
 * call in flight may keep the process alive, never the Go runtime's own timers.
 */
export class Timers {
  #start;
  #cancel;
  #live = new Set();
  #held = false;
  #stopped = false;

  /** Takes the functions to use: setTimeout and clearTimeout or what stands in for them. */
  constructor(start, cancel) {
    this.#start = start;
    this.#cancel = cancel;
  }

  set(callback, milliseconds) {
    if (this.#stopped) return undefined;
    const timer = this.#start(() => {
      this.#live.delete(timer);
      if (!this.#stopped) callback();
    }, milliseconds);
    this.#live.add(timer);
    this.#mark(timer);
    return timer;
  }

  clear(timer) {
    this.#live.delete(timer);
    this.#cancel(timer);
  }

  /** Sets whether the timers may keep a Node process alive. */
  hold(held) {
    if (held === this.#held) return;
    this.#held = held;
    this.#live.forEach((timer) => this.#mark(timer));
  }

  /** Cancels all timers, for good. */
  stop() {
    this.#stopped = true;
    this.#live.forEach((timer) => this.clear(timer));
  }

  // Browsers' timers are numbers and have no ref and unref.
  #mark(timer) {
    timer?.[this.#held ? "ref" : "unref"]?.();
  }
}
