/** The functions that start and stop timers: those of init()'s scope, or else the platform's, which browsers want to be called on it. */
export function timerFunctions(global, { setTimeout, clearTimeout }) {
  return [setTimeout ?? ((...args) => global.setTimeout(...args)), clearTimeout ?? ((timer) => global.clearTimeout(timer))];
}

/**
 * Makes the timers of one Go program. They are known here because a timer that fires
 * into a program that has ended would throw, and because under Node only a
 * call in flight may keep the process alive, never the Go runtime's own timers.
 * Takes the functions to use: setTimeout and clearTimeout or what stands in for them.
 */
export function newTimers(start, cancel) {
  const live = new Set();
  let isHeld = false;
  let isStopped = false;

  function clear(timer) {
    live.delete(timer);
    cancel(timer);
  }

  // Browsers' timers are numbers and have no ref and unref.
  function mark(timer) {
    timer?.[isHeld ? "ref" : "unref"]?.();
  }

  return {
    clear,

    set(callback, milliseconds) {
      if (isStopped) return undefined;
      const timer = start(() => {
        live.delete(timer);
        if (!isStopped) callback();
      }, milliseconds);
      live.add(timer);
      mark(timer);
      return timer;
    },

    /** Sets whether the timers may keep a Node process alive. */
    hold(held) {
      if (held === isHeld) return;
      isHeld = held;
      live.forEach(mark);
    },

    /** Cancels all timers, for good. */
    stop() {
      isStopped = true;
      live.forEach(clear);
    },
  };
}
