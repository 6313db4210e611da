/**
 * Holds the BroadcastChannels of a page, for a Go program in a worker. They are the
 * page's, so that what a tab says never overtakes what it has stored.
 * `heard(channel, text)` is called with what other tabs post.
 */
export function newPageChannels(global, heard) {
  const open = new Map();

  function leave({ channel }) {
    open.get(channel)?.close();
    open.delete(channel);
  }

  return {
    leave,

    join({ channel, name }) {
      const { BroadcastChannel } = global;
      let joined;
      try {
        joined = new BroadcastChannel(name);
      } catch {
        return; // a page without an origin has no other tabs
      }
      joined.onmessage = ({ data }) => heard(channel, data);
      joined.unref?.(); // Node's keep its process alive, once somebody listens
      open.set(channel, joined);
    },

    say: ({ channel, text }) => open.get(channel)?.postMessage(text),

    close: () => [...open.keys()].forEach((channel) => leave({ channel })),
  };
}
