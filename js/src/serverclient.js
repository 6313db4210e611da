import { abortable } from "./abort.js";
import { Account, operations } from "./account.js";
import { newAuth } from "./auth.js";
import { isPromise, openCookies, whenever } from "./cookies.js";
import { failure } from "./exception.js";
import { Functions } from "./functions.js";
import { changesUser, signsIn } from "./mirror.js";
import { maskedHeaders, maskedURL, printedAs, printedHeaders } from "./printed.js";
import { serverOptions } from "./serveroptions.js";
import { newSessionCookie } from "./sessioncookie.js";
import { newSessionTokens, sessionEnded } from "./sessiontokens.js";

// For the answer that carries the cookie: a cache that kept it would sign
// others in.
const NO_STORE = Object.freeze({ "cache-control": "private, no-store" });

/** Makes createServerClient() for the clients of one Runtime, which share their sessions' tokens. */
export function serverClients(runtime) {
  const tokens = newSessionTokens(runtime);
  return (options) => new ServerClient(runtime, tokens, options);
}

/**
 * Acts for whoever sent one request to a server, by the session in its
 * cookies, and keeps and removes that cookie at sign-in and sign-out. It serves
 * that request alone: once it is closed, or its cookies hold another session,
 * calls reject with client_reused.
 */
class ServerClient {
  #runtime;
  #tokens;
  #base;
  #fixed;
  #headers;
  #cookies;
  #cookie;
  #auth = newAuth();
  #closing = new AbortController();
  #ready;
  #session = "";
  #mine = new Set(); // the sessions that its cookies may hold
  #account;
  #functions;

  /** `tokens` are those that all server clients share. */
  constructor(runtime, tokens, options) {
    const { base, fixed, headers, cookies, cookieOptions } = serverOptions(runtime, options);
    this.#runtime = runtime;
    this.#tokens = tokens;
    this.#base = base;
    this.#fixed = fixed;
    this.#headers = printedHeaders(headers);
    this.#cookie = newSessionCookie(base.config.project, cookieOptions, isProduction(runtime.global));
    this.#cookies = openCookies(cookies);
    this.#readSession();
  }

  /** The Account service of this client. */
  get account() {
    return (this.#account ??= new Account(this));
  }

  /** The Functions service of this client. */
  get functions() {
    return (this.#functions ??= new Functions(this));
  }

  /** What it was made with, but for credentials. */
  get config() {
    const { endpoint, project, locale } = this.#base.config;
    return Object.freeze({ endpoint, project, locale });
  }

  /** More headers to send with each call. */
  get headers() {
    return this.#headers;
  }

  set headers(headers) {
    this.#headers = printedHeaders(headers);
  }

  setLocale(locale) {
    this.#base.setLocale(locale);
    return this;
  }

  /** Lets go of all that the client holds. Calls under way are aborted. */
  close() {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(failure("client_closed", "close() was called before the answer came: await the calls first"));
    this.#runtime.release(this.#auth);
  }

  /** Runs an operation by its descriptor; the services are made of this. */
  invoke(operation, params, signal) {
    return this.#run(signal, async (task) => {
      const config = this.#snapshot();
      const session = await this.#present();
      if (signsIn(operation)) return this.#signIn(operation, params, config, session, task);
      return this.#perform(operation, params, { ...config, session }, task);
    });
  }

  // As a guest: beside a session, the server refuses to make another. The one
  // that was there, which somebody else may have planted, ends then; if the
  // sign-in fails, it stays.
  async #signIn(operation, params, config, before, task) {
    if (!(await this.#cookies.writable())) throw readOnly("they can only be read");
    const value = await this.#perform(operation, params, { ...config, session: "" }, task);
    if (before && before !== value.secret && !task.aborted) {
      this.#tokens.end(this.#key(before));
      await this.#end(before, config).catch(() => {}); // it ends by itself in time, and nobody has its cookie any more
    }
    return value;
  }

  /** Resolves with the token of the session, which all its requests share; a JWT that the client was given is its own. */
  token(forceRefresh, signal) {
    return this.#run(signal, async (task) => {
      const snapshot = this.#snapshot();
      const config = { ...snapshot, session: await this.#present() };
      const get = config.session && !config.jwt ? this.#sharedToken : this.#ownToken;
      return get.call(this, config, forceRefresh, task).catch((error) => this.#explain(error, config));
    });
  }

  /** The token that is held and alive, or null; also null where the cookies answer only later. */
  heldToken() {
    const session = this.#present();
    if (isPromise(session)) {
      session.catch(() => {}); // whatever it is, the next call has it too
      return null;
    }
    if (!session || this.#base.config.jwt) return this.#auth.mirror.living();
    return this.#tokens.held(this.#key(session));
  }

  // Runs a call until it is done, or `signal` or close() ends it.
  async #run(signal, start) {
    this.#assertOpen();
    return abortable(this.#closing.signal, (outer) =>
      abortable(signal, (task) => {
        outer.cancel = () => {
          task.aborted = true;
          task.cancel?.();
        };
        return start(task);
      }),
    );
  }

  #assertOpen() {
    if (this.#closing.signal.aborted) throw reused("it was closed when that was done");
  }

  #readSession() {
    this.#ready = whenever(this.#cookie.read(this.#cookies), (session) => this.#become(session));
    if (!isPromise(this.#ready)) return;
    const done = () => (this.#ready = undefined);
    this.#ready.then(done, () => {}); // each call has the failure
  }

  #become(session) {
    this.#mine.add(session);
    this.#session = session;
  }

  // The session that the client acts by, or a promise of it.
  #present() {
    this.#assertOpen();
    return whenever(this.#ready, () =>
      whenever(this.#cookie.read(this.#cookies), (found) => {
        if (!this.#mine.has(found)) throw reused("its cookies now hold another session");
        return this.#session;
      }),
    );
  }

  #snapshot() {
    return { ...this.#base.config, ...this.#fixed, headers: { ...this.#headers }, generation: this.#auth.mirror.generation() };
  }

  async #perform(operation, params, config, task) {
    const key = this.#key(config.session);
    const signsOut = !signsIn(operation) && changesUser(operation, params, this.#tokens.held(key)?.sessionId);
    if (signsOut) this.#tokens.end(key);
    try {
      const value = await this.#auth.mirror.sending(operation, params, () => this.#send(operation, params, config, task));
      if (task.aborted) return value; // to nobody
      if (signsIn(operation)) await this.#keep(value, config);
      else if (config.session && (task.cleared || (operation === operations.delete && !config.jwt))) await this.#remove();
      return value;
    } catch (error) {
      return this.#explain(error, config);
    } finally {
      if (signsOut) this.#tokens.end(key); // one that another request began meanwhile
    }
  }

  // The program serves all requests: one that makes it crash takes the others'
  // calls along. What only reads is sent again, once.
  async #send(operation, params, config, task) {
    const send = () => this.#runtime.call(this.#auth, config, operation, params, task);
    if (!operation.pattern.startsWith("GET ")) return send();
    return send().catch((error) => {
      if (error.type !== "client_stopped") throw error;
      return send();
    });
  }

  #sharedToken(config, forceRefresh, task) {
    return this.#tokens.get(this.#key(config.session), config, forceRefresh, task);
  }

  async #ownToken(config, forceRefresh, task) {
    const held = forceRefresh ? null : this.#auth.mirror.fresh();
    return held ?? this.#runtime.token(this.#auth, config, forceRefresh, task);
  }

  // All that says whose token it is, and of what kind.
  #key(session) {
    const { endpoint, project } = this.#base.config;
    return JSON.stringify([endpoint, project, session, this.#fixed.tokenDuration, this.#fixed.tokenRefreshEarly]);
  }

  async #keep(session, config) {
    if (!session.secret) {
      throw failure("client_bad_response", "The sign-in was answered without a session: something between here and the server removes its Set-Cookie header");
    }
    this.#mine.add(session.secret);
    try {
      await this.#cookies.write(this.#cookie.kept(session), NO_STORE);
    } catch (cause) {
      throw readOnly(messageOf(cause) + (await this.#undo(session, config)), cause);
    }
    this.#become(session.secret);
    this.#auth.mirror.reset();
  }

  // A session that nobody has the cookie of must not stay. Returns what went
  // wrong, in words.
  async #undo({ secret }, config) {
    return this.#end(secret, config).then(() => "", (error) => `. Nor could the new session be ended again: ${error.message}`);
  }

  async #end(session, config) {
    const auth = newAuth();
    try {
      await this.#runtime.call(auth, { ...config, session, jwt: "" }, operations.deleteSession, { sessionId: "current" }, {});
    } finally {
      this.#runtime.release(auth);
    }
  }

  // Where nothing can be written the cookie stays, and is nobody's.
  async #remove() {
    this.#mine.add("");
    try {
      if (await this.#cookies.writable()) await this.#cookies.write(this.#cookie.removed(), NO_STORE);
    } catch (cause) {
      throw failure("client_cookies_read_only", `The session has ended, but its cookie could not be removed: ${messageOf(cause)}`, cause);
    } finally {
      this.#become("");
      this.#auth.mirror.reset();
    }
  }

  // Go, which saw no call of this request succeed, cannot tell what became of
  // the session; the name of the cookie says that it was this project's.
  #explain(error, { session, jwt }) {
    if (error.code !== 401 || error.type !== "general_unauthorized_scope") throw error;
    if (error.reason === "no-session") {
      error.message = `Nobody is signed in: the request has no cookie ${this.#cookie.name}`;
      error.advice = "Sign in first; then the browser sends the cookie with each request.";
    } else if (session && !jwt && /\(role: guests\)/.test(error.message)) {
      this.#tokens.end(this.#key(session));
      sessionEnded(error);
    }
    throw error;
  }
}

printedAs(ServerClient.prototype, "ServerClient ", ({ config, headers }) => ({
  ...config,
  endpoint: maskedURL(config.endpoint),
  headers: maskedHeaders(headers),
}));

// What would make it another's client, or outlive the request.
for (const name of ["setEndpoint", "setProject", "setSession", "setJWT", "onAuthChange"]) {
  ServerClient.prototype[name] = function () {
    throw failure("client_invalid_argument", `${name}() is not for the client of one request: make it as it should be with createServerClient()`);
  };
}

// Node has these from 18.18 and 20.5 on; compilers of `using` fall back to the same.
ServerClient.prototype[Symbol.dispose ?? Symbol.for("Symbol.dispose")] = function () {
  this.close();
};
ServerClient.prototype[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")] = async function () {
  this.close();
};

// Elsewhere it is left to the framework, which may know how it is reached.
function isProduction(global) {
  return global.process?.env?.NODE_ENV === "production";
}

// Frameworks may throw anything.
function messageOf(cause) {
  return cause?.message ?? String(cause);
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
