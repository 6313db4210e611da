/** Stands in a worker for a storage of the page: a copy of what Go reads, which writes through. */
export class StorageCopy {
  #store;
  #post;
  #values = new Map();

  constructor(store, post) {
    this.#store = store;
    this.#post = post;
  }

  getItem(name) {
    return this.#values.get(name) ?? null;
  }

  setItem(name, value) {
    this.take(name, value);
    this.#post({ kind: "store", store: this.#store, name, value });
  }

  removeItem(name) {
    this.setItem(name, null);
  }

  /** Takes the value that the page has; null where it has none. */
  take(name, value) {
    if (value === null) this.#values.delete(name);
    else this.#values.set(name, value);
  }
}

/**
 * Makes the class that stands in a worker for BroadcastChannel. `open` maps the
 * number of each channel that is open to it, for hear().
 */
export function channelClass(post, open) {
  let last = 0;
  return class {
    #channel = ++last;

    constructor(name) {
      open.set(this.#channel, this);
      post({ kind: "join", channel: this.#channel, name });
    }

    postMessage(text) {
      post({ kind: "say", channel: this.#channel, text });
    }

    close() {
      open.delete(this.#channel);
      post({ kind: "leave", channel: this.#channel });
    }
  };
}
