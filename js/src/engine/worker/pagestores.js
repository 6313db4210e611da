import { isEpoch } from "./storednames.js";

/**
 * Holds the storages of a page, for a Go program in a worker, which works on copies
 * of the few values that it reads. The page tells of what has changed before
 * each message, so that Go knows all that the page could have known then. `post`
 * sends a message to the worker.
 */
export function newPageStores(post) {
  const stores = new Map();
  const changes = new Map();
  let count = 0;

  // Reports the values that the worker does not know yet.
  function sync() {
    stores.forEach(({ object, seen }, store) => {
      seen.forEach((known, name) => {
        const value = read(object, name);
        if (value === known) return;
        seen.set(name, value);
        changes.set(name, ++count);
        post({ kind: "stored", store, name, value, count });
      });
    });
  }

  return {
    sync,

    /** Begins to report the values of those names in a storage, which is known as `store` from then on. */
    watch(store, object, names) {
      if (!object) return;
      if (!stores.has(store)) stores.set(store, { object, seen: new Map() });
      const { seen } = stores.get(store);
      for (const name of names) if (!seen.has(name)) seen.set(name, null);
      sync();
    },

    /** Ends what watch() began. */
    forget: (store) => stores.delete(store),

    /** Reports whether a value changed after what the worker had heard when it sent a message. */
    changedSince(name, heard) {
      sync();
      return (changes.get(name) ?? 0) > heard;
    },

    /** Writes what the worker has written. */
    write({ store, name, value }) {
      const { object, seen } = stores.get(store) ?? { object: undefined };
      if (!object) return;
      // Another tab was first, which the worker could not know: it learns it now.
      if (isEpoch(name) && Number(read(object, name)) > Number(value)) return sync();
      try {
        if (value === null) object.removeItem(name);
        else object.setItem(name, value);
      } catch {
        // One that is full or forbidden: the worker has it in memory, as Go in a page would.
      }
      seen.set(name, read(object, name));
    },
  };
}

// A storage that refuses to be read has nothing, as for Go in a page.
function read(object, name) {
  try {
    const value = object.getItem(name);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}
