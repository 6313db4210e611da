import { operationsOf } from "../api/service.js";
import { newAuth } from "../engine/auth.js";
import { changesUser, signsIn } from "../engine/mirror.js";
import { written } from "../engine/request.js";
import { Account } from "./services.gen.js";
import { sessionEnded } from "./sessiontokens.js";

const operations = operationsOf(Account);

/**
 * The calls of one request, and what they mean for its session and for the
 * tokens that all requests share. A `config` says what a call goes out with,
 * the session included.
 */
export class RequestCalls {
  #runtime;
  #tokens;
  #auth;
  #session;

  constructor(runtime, tokens, auth, session) {
    this.#runtime = runtime;
    this.#tokens = tokens;
    this.#auth = auth;
    this.#session = session;
  }

  /** Runs an operation, by its descriptor and what is written() of it. */
  async invoke(operation, request, config, task) {
    return signsIn(operation) ? this.#signIn(operation, request, config, task) : this.#perform(operation, request, config, task);
  }

  /** Resolves with the token of the session, which all its requests share; a JWT that the client was given is its own. */
  async token(config, forceRefresh, task) {
    const get = isShared(config) ? this.#sharedToken : this.#ownToken;
    return get.call(this, config, forceRefresh, task).catch((error) => this.#explain(error, config));
  }

  /** The token held if it has not expired, or null. */
  held(config) {
    return isShared(config) ? this.#tokens.held(keyOf(config)) : this.#auth.mirror.living();
  }

  // Signs in as a guest: the server refuses to make a second session. The former
  // one, which somebody else may have planted, is ended afterwards; it stays if
  // the sign-in fails.
  async #signIn(operation, request, config, task) {
    await this.#session.assertWritable();
    const value = await this.#perform(operation, request, { ...config, session: "" }, task);
    const before = config.session;
    if (before && before !== value.secret && !task.aborted) {
      this.#tokens.end(keyOf(config));
      await this.#end(before, config).catch(() => {}); // it ends by itself in time, and nobody has its cookie any more
    }
    return value;
  }

  async #perform(operation, request, config, task) {
    const key = keyOf(config);
    const signsOut = !signsIn(operation) && changesUser(operation, request, this.#tokens.held(key)?.sessionId);
    if (signsOut) this.#tokens.end(key);
    if (operation.effect === "may sign in" && !config.session && !config.jwt) await this.#session.assertWritable();
    try {
      const value = await this.#auth.mirror.sending(operation, request, () => this.#send(operation, request, config, task));
      if (task.aborted) return value; // to nobody
      if (signsIn(operation)) await this.#keep(value, config);
      else if (task.secret && /envelope|may sign in/.test(operation.effect)) await this.#keep({ secret: task.secret }, config);
      else if (config.session && (task.cleared || (operation.name === operations.delete.name && !config.jwt))) await this.#remove();
      return value;
    } catch (error) {
      return this.#explain(error, config);
    } finally {
      if (signsOut) this.#tokens.end(key); // one that another request began meanwhile
    }
  }

  // The program serves all requests: one that makes it crash takes the others'
  // calls along. What only reads is sent again, once.
  async #send(operation, request, config, task) {
    const send = () => this.#runtime.call(this.#auth, config, operation, request, task);
    if (!operation.pattern.startsWith("GET ")) return send();
    return send().catch((error) => {
      if (error.type !== "client_stopped") throw error;
      return send();
    });
  }

  async #keep(session, config) {
    await this.#session.keep(session, (made) => this.#undo(made, config));
    this.#auth.mirror.reset();
  }

  async #remove() {
    try {
      await this.#session.remove();
    } finally {
      this.#auth.mirror.reset();
    }
  }

  // Returns what went wrong, in words.
  async #undo({ secret }, config) {
    return this.#end(secret, config).then(() => "", (error) => `. Nor could the new session be ended again: ${error.message}`);
  }

  async #end(session, config) {
    const auth = newAuth();
    const request = written(operations.deleteSession, { sessionId: "current" });
    try {
      await this.#runtime.call(auth, { ...config, session, jwt: "" }, operations.deleteSession, request, {});
    } finally {
      this.#runtime.release(auth);
    }
  }

  #sharedToken(config, forceRefresh, task) {
    return this.#tokens.get(keyOf(config), config, forceRefresh, task);
  }

  async #ownToken(config, forceRefresh, task) {
    const held = forceRefresh ? null : this.#auth.mirror.fresh();
    return held ?? this.#runtime.token(this.#auth, config, forceRefresh, task);
  }

  // Go, which saw no call of this request succeed, cannot tell what became of
  // the session; the name of the cookie says that it was this project's.
  #explain(error, config) {
    if (error.code !== 401 || error.type !== "general_unauthorized_scope") throw error;
    if (error.reason === "no-session") {
      error.message = `Nobody is signed in: the request has no cookie ${this.#session.cookieName}`;
      error.advice = "Sign in first; then the browser sends the cookie with each request.";
    } else if (isShared(config) && /\(role: guests\)/.test(error.message)) {
      this.#tokens.end(keyOf(config));
      sessionEnded(error);
    }
    throw error;
  }
}

function isShared({ session, jwt }) {
  return session && !jwt;
}

// All that says whose token it is, and of what kind.
function keyOf({ endpoint, project, session, tokenDuration, tokenRefreshEarly }) {
  return JSON.stringify([endpoint, project, session, tokenDuration, tokenRefreshEarly]);
}
