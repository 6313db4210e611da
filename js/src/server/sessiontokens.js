import { newAuth } from "../engine/auth.js";
import { failure } from "../shared/exception.js";

// An entry is a handle of the Go program, of some kilobytes.
const LIMIT = 1000;

/**
 * Makes the tokens that the requests of one process share: one for each session,
 * so that a user's many requests need one JWT in a token's lifetime of those that
 * the server allows. A key is all that says whose token it is, the session
 * included. Go keeps each as it keeps any client's; beyond `limit` sessions the
 * least recently used is let go. Where requests are kept apart (Workers) each
 * makes the token that it needs, and others use it once it is made.
 */
export function newSessionTokens(runtime, limit = LIMIT) {
  const entries = new Map(); // the one asked for last is last

  function entryOf(key) {
    const entry = entries.get(key) ?? { auth: newAuth(), waiting: 0, gone: false, ended: false };
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > limit) letGo(entries.keys().next().value);
    return entry;
  }

  function letGo(key) {
    const entry = entries.get(key);
    entries.delete(key);
    entry.gone = true;
    release(entry);
  }

  // Not while calls wait for its token.
  function release({ auth, gone, ended, waiting }) {
    if (ended || (gone && waiting === 0)) runtime.release(auth);
  }

  // From now on the entry's token is that of `auth`.
  function keep(entry, auth) {
    if (auth === entry.auth) return;
    runtime.release(entry.auth);
    entry.auth = auth;
  }

  async function ask(entry, config, forceRefresh, task) {
    entry.waiting++;
    const auth = runtime.apart ? newAuth() : entry.auth;
    try {
      const token = await runtime.token(auth, { ...config, generation: auth.mirror.generation() }, forceRefresh, task);
      if (entry.ended) throw changed();
      keep(entry, auth);
      return token;
    } catch (error) {
      throw entry.ended ? changed() : error;
    } finally {
      if (auth !== entry.auth) runtime.release(auth);
      entry.waiting--;
      release(entry);
    }
  }

  return {
    /** Resolves with the session's token. `config` is the asking client's, `task` its call. */
    async get(key, config, forceRefresh, task) {
      const entry = entryOf(key);
      const held = forceRefresh ? null : entry.auth.mirror.fresh();
      return held ?? ask(entry, config, forceRefresh, task);
    },

    /** The session's token while it is alive, else null. */
    held: (key) => entries.get(key)?.auth.mirror.living() ?? null,

    /** Forgets the token of a session that ends; calls that wait for it fail. */
    end(key) {
      const entry = entries.get(key);
      if (!entry) return;
      entry.ended = true;
      letGo(key);
    },
  };
}

function changed() {
  return sessionEnded(failure("client_session_changed", "The session ended while a JWT of it was made"));
}

/** Marks an error as that of a session that has ended, in Go's words. */
export function sessionEnded(error) {
  const advice = "Sign in again: the session has expired, was signed out elsewhere, or its user is gone.";
  return Object.assign(error, { reason: "session-ended", advice });
}
