import { chunkedUpload } from "../api/chunks.js";
import { snapshotOf } from "../api/client.js";
import { foreignCall } from "../api/foreign.js";
import { newAuth } from "../engine/auth.js";
import { written } from "../engine/request.js";
import { abortable } from "../shared/abort.js";
import { failure } from "../shared/exception.js";
import { hideState, stateOf } from "../shared/hidden.js";
import { maskedHeaders, maskedURL, printedAs, printedHeaders } from "../shared/printed.js";
import { afterAnswer } from "./answerend.js";
import { newCallbacks } from "./callback.js";
import { isPromise, openCookies } from "./cookies.js";
import { RequestCalls } from "./requestcalls.js";
import { RequestSession, closed } from "./requestsession.js";
import { serverOptions } from "./serveroptions.js";
import { Account, Functions } from "./services.gen.js";
import { newSessionCookie } from "./sessioncookie.js";
import { newSessionTokens } from "./sessiontokens.js";

/** Makes createServerClient() for the clients of one Runtime, which share their sessions' tokens. */
export function serverClients(runtime) {
  const tokens = newSessionTokens(runtime);
  return (options) => new ServerClient(runtime, tokens, options);
}

/**
 * Acts for the user who sent one request to a server, by the session in its
 * cookies, and writes and removes that cookie at sign-in and sign-out. It serves
 * that request alone: once it is closed, or its cookies hold another session,
 * calls reject with client_reused.
 */
class ServerClient {
  /** `tokens` are those that all server clients share. */
  constructor(runtime, tokens, options) {
    const { base, fixed, headers, cookies, cookieOptions } = serverOptions(runtime, options);
    const production = isProduction(runtime.global);
    const cookie = newSessionCookie(base.config.project, cookieOptions, production);
    const auth = newAuth();
    const opened = openCookies(cookies);
    const session = new RequestSession(cookie, opened);
    const callbacks = newCallbacks(base.config.project, opened, cookieOptions.secure ?? production, runtime.global);
    const calls = new RequestCalls(runtime, tokens, auth, session);
    hideState(this, { runtime, base, fixed, headers: printedHeaders(headers), auth, session, calls, callbacks, closing: new AbortController() });
  }

  /** The Account service of this client. */
  get account() {
    const state = stateOf(this);
    return (state.account ??= new Account(this));
  }

  /** The Functions service of this client. */
  get functions() {
    const state = stateOf(this);
    return (state.functions ??= new Functions(this));
  }

  /** What it was made with, but for credentials. */
  get config() {
    const { endpoint, project, locale } = stateOf(this).base.config;
    return Object.freeze({ endpoint, project, locale });
  }

  /** More headers to send with each call. */
  get headers() {
    return stateOf(this).headers;
  }

  set headers(headers) {
    stateOf(this).headers = printedHeaders(headers);
  }

  setLocale(locale) {
    stateOf(this).base.setLocale(locale);
    return this;
  }

  /** Lets go of all that the client holds. Calls under way are aborted. */
  close() {
    const { closing, runtime, auth } = stateOf(this);
    if (closing.signal.aborted) return;
    closing.abort(failure("client_closed", "close() was called before the answer came: await the calls first, or close by closeAfter() what is still streamed"));
    runtime.release(auth);
  }

  /**
   * Closes the client when an answer has ended, and not when only its head is
   * there: what is streamed still asks. Returns the answer to send, for a Response
   * another one.
   */
  closeAfter(answer) {
    return afterAnswer(answer, stateOf(this).runtime.global, () => this.close());
  }

  /**
   * Resolves with the address of a page that calls signInByCallback(), bound to the
   * browser of the request: for the url of createMagicURLToken() and the success of
   * createOAuth2Token(). It writes a cookie.
   */
  async callbackURL(address) {
    const { closing, callbacks, session } = stateOf(this);
    assertOpen(closing);
    await session.assertWritable();
    return callbacks.url(address);
  }

  /**
   * Signs in by what the request's address was given by a link or a provider.
   * Rejects with client_other_browser where the sign-in was not begun in this
   * browser; the secret still works then.
   */
  async signInByCallback(address) {
    const { closing, callbacks } = stateOf(this);
    assertOpen(closing);
    const session = await this.account.createSession(await callbacks.read(address));
    await callbacks.done();
    return session;
  }

  /** Runs an operation by its descriptor; the services are made of this. */
  async invoke(operation, params, signal, headers) {
    const { calls } = stateOf(this);
    const request = written(operation, params, headers);
    return run(this, signal, async (task) => calls.invoke(operation, request, await configOf(this), task));
  }

  /** Sends a request to a URL below the endpoint, as that of a Client does. */
  async call(method, url, headers, params, responseType) {
    const { base, calls } = stateOf(this);
    const { operation, request } = foreignCall(base, method, url, headers, params, responseType === "arrayBuffer" ? "content" : "");
    return run(this, undefined, async (task) => calls.invoke(operation, request, await configOf(this), task));
  }

  /** Sends a file in chunks, as that of a Client does. */
  async chunkedUpload(method, url, headers, payload, onProgress) {
    return chunkedUpload(this, method, url, headers, payload, onProgress);
  }

  /** Resolves with the token of the session, which all its requests share; a JWT that the client was given is its own. */
  token(forceRefresh, signal) {
    const { calls } = stateOf(this);
    return run(this, signal, async (task) => calls.token(await configOf(this), forceRefresh, task));
  }

  /** The token held if it has not expired, or null; also null where the cookies answer only later. */
  heldToken() {
    const session = present(this);
    if (!isPromise(session)) return stateOf(this).calls.held({ ...fixedConfig(this), session });
    session.catch(() => {}); // whatever it is, the next call has it too
    return null;
  }
}

// Runs a call until it is done, or `signal` or close() ends it.
async function run(client, signal, start) {
  const { closing } = stateOf(client);
  assertOpen(closing);
  return abortable(closing.signal, (outer) =>
    abortable(signal, (task) => {
      outer.cancel = () => {
        task.aborted = true;
        task.cancel?.();
      };
      return start(task);
    }),
  );
}

function assertOpen(closing) {
  if (closing.signal.aborted) throw closed();
}

// The session that a client acts by, or a promise of it.
function present(client) {
  const { closing, session } = stateOf(client);
  assertOpen(closing);
  return session.present();
}

function fixedConfig(client) {
  const { base, fixed, headers, auth } = stateOf(client);
  return { ...snapshotOf(base), ...fixed, headers: { ...headers }, generation: auth.mirror.generation() };
}

// What a call goes out with: what was set when it was made.
async function configOf(client) {
  return { ...fixedConfig(client), session: await present(client) };
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

// Its session may be known only later, and what a fetch of one's own did to it would not be.
ServerClient.prototype.prepareRequest = function () {
  throw failure("client_unsupported", "prepareRequest() is not for the client of one request, whose calls follow the session in its cookies: use call()");
};

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
