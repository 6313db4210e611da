import { failure } from "../shared/exception.js";
import { isPromise, whenever } from "./cookies.js";

// For the answer that carries the cookie: a cache that kept it would sign
// others in.
export const NO_STORE = Object.freeze({ "cache-control": "private, no-store" });

/**
 * The session of one request: the one that its cookies hold, and those that
 * this request's own sign-ins and sign-outs put in its place. Cookies that come
 * to hold any other session belong to another request.
 */
export class RequestSession {
  #cookie;
  #cookies;
  #ready;
  #current = "";
  #mine = new Set(); // the sessions that the cookies may hold

  /** `cookie` is the project's session cookie, `cookies` what openCookies() made of the request's. */
  constructor(cookie, cookies) {
    this.#cookie = cookie;
    this.#cookies = cookies;
    this.#ready = whenever(cookie.read(cookies), (session) => this.#become(session));
    if (!isPromise(this.#ready)) return;
    const done = () => (this.#ready = undefined);
    this.#ready.then(done, () => {}); // each call gets the failure
  }

  /** The name of its cookie. */
  get cookieName() {
    return this.#cookie.name;
  }

  /** The session to act by, "" for none, or a promise of it. Fails with client_reused if the cookies hold another's. */
  present() {
    return whenever(this.#ready, () =>
      whenever(this.#cookie.read(this.#cookies), (found) => {
        if (!this.#mine.has(found)) throw reused("its cookies now hold another session");
        return this.#current;
      }),
    );
  }

  /** Rejects where no cookie can be written, and so nobody can sign in. */
  async assertWritable() {
    if (!(await this.#cookies.writable())) throw readOnly("they can only be read");
  }

  /**
   * Acts by a session that the server made, and writes its cookie. A session
   * that nobody has the cookie of must not stay: if the write fails, `undo` ends
   * it and resolves with what went wrong at that, in words.
   */
  async keep(session, undo) {
    if (!session.secret) {
      throw failure("client_bad_response", "The sign-in was answered without a session: something between here and the server removes its Set-Cookie header");
    }
    this.#mine.add(session.secret);
    try {
      await this.#cookies.write(this.#cookie.kept(session), NO_STORE);
    } catch (cause) {
      throw readOnly(messageOf(cause) + (await undo(session)), cause);
    }
    this.#become(session.secret);
  }

  /** Acts as a guest and removes the cookie. Where nothing can be written the cookie stays, and is nobody's. */
  async remove() {
    this.#mine.add("");
    try {
      if (await this.#cookies.writable()) await this.#cookies.write(this.#cookie.removed(), NO_STORE);
    } catch (cause) {
      throw failure("client_cookies_read_only", `The session has ended, but its cookie could not be removed: ${messageOf(cause)}`, cause);
    } finally {
      this.#become("");
    }
  }

  #become(session) {
    this.#mine.add(session);
    this.#current = session;
  }
}

/** Makes the error of a client that is used after close(). */
export function closed() {
  return failure(
    "client_reused",
    "This client has been closed. Make one client for each request, with createServerClient(); where the answer to its own request is " +
      "still being streamed, close it after that: by closeAfter(response) in the place of close()",
  );
}

function reused(what) {
  return failure("client_reused", `This client was made for another request: ${what}. Make one client for each request, with createServerClient()`);
}

function readOnly(why, cause) {
  return failure(
    "client_cookies_read_only",
    `Signing in needs cookies that can be written: ${why}. Give createServerClient() cookies with set() or setAll(), ` +
      "and sign in where the answer's headers can still be set, such as a route handler or an action",
    cause,
  );
}

// Frameworks may throw anything.
function messageOf(cause) {
  return cause?.message ?? String(cause);
}
