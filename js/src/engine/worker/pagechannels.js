/**
 * The BroadcastChannels of a page, for a Go program in a worker. They are the
 * page's, so that what a tab says never overtakes what it has stored.
 */
export class PageChannels {
  #global;
  #heard;
  #open = new Map();

  /** `heard(channel, text)` is called with what other tabs post. */
  constructor(global, heard) {
    this.#global = global;
    this.#heard = heard;
  }

  join({ channel, name }) {
    const { BroadcastChannel } = this.#global;
    let joined;
    try {
      joined = new BroadcastChannel(name);
    } catch {
      return; // a page without an origin has no other tabs
    }
    joined.onmessage = ({ data }) => this.#heard(channel, data);
    joined.unref?.(); // Node's keep its process alive, once somebody listens
    this.#open.set(channel, joined);
  }

  say({ channel, text }) {
    this.#open.get(channel)?.postMessage(text);
  }

  leave({ channel }) {
    this.#open.get(channel)?.close();
    this.#open.delete(channel);
  }

  close() {
    [...this.#open.keys()].forEach((channel) => this.leave({ channel }));
  }
}
