/**
 * Makes the set of one client's listeners. Each is called in a microtask of its
 * own, so that Go does not wait for it. What it throws is reported as uncaught
 * (by reportError where the platform has it) and does not affect the others.
 */
export function newChanges() {
  const listeners = new Set();

  return {
    /** The number of listeners. */
    size: () => listeners.size,

    /** Adds a function, and returns the function that tells it alone of a change. */
    add(fn) {
      const tell = (change) => queueMicrotask(() => listeners.has(tell) && call(fn, change));
      listeners.add(tell);
      return tell;
    },

    /** Removes what add() returned; it is told of nothing more. */
    remove: (tell) => listeners.delete(tell),

    /** Tells all listeners, in the order of their adding. */
    tell: (change) => listeners.forEach((tell) => tell(change)),
  };
}

function call(fn, change) {
  try {
    fn(change);
  } catch (error) {
    if (typeof reportError !== "function") throw error;
    reportError(error);
  }
}
