import { abortable } from "../shared/abort.js";
import { Account } from "./account.js";
import { changeOf, newAuth } from "../engine/auth.js";
import { client } from "./client.gen.js";
import { clientConfig } from "./clientoptions.js";
import { AppwriteException, failure, toException } from "../shared/exception.js";
import { Functions } from "./functions.js";
import { describe } from "./operation.js";
import { readArguments } from "./params.js";
import { masked, maskedHeaders, maskedURL, printedAs, printedHeaders, unprinted } from "../shared/printed.js";
import { refuseUnsupported } from "./unsupported.js";

// Where the official package points a client that was told no endpoint.
const DEFAULT_ENDPOINT = "https://cloud.appwrite.io/v1";

const operations = describe("", client);

const DEV_KEY = "X-Appwrite-Dev-Key";

const EMPTY = configOf({ endpoint: DEFAULT_ENDPOINT, project: "", jwt: "", session: "", locale: "" });

/**
 * Holds which endpoint to talk to, and as which user. Its configuration is an immutable object
 * that each setter replaces, so that a call goes out with what was set when it
 * was made, however long the WebAssembly takes to load.
 */
export class Client {
  #runtime;
  #options;
  #account;
  #functions;
  #auth = newAuth();
  #config = EMPTY;
  #headers = printedHeaders({});

  constructor(runtime, options) {
    this.#runtime = runtime;
    this.#options = clientConfig(options);
  }

  /** The configuration now in force. Its credentials can be read, and are not printed. */
  get config() {
    return this.#config;
  }

  /** More headers to send with each call. */
  get headers() {
    return this.#headers;
  }

  set headers(headers) {
    this.#headers = printedHeaders(headers);
  }

  /** The Account service of this client. */
  get account() {
    return (this.#account ??= new Account(this));
  }

  /** The Functions service of this client. */
  get functions() {
    return (this.#functions ??= new Functions(this));
  }

  setEndpoint(endpoint) {
    if (!endpoint || typeof endpoint !== "string") {
      throw new AppwriteException("Endpoint must be a valid string, such as https://example.com/v1");
    }
    if (!/^https?:\/\//.test(endpoint)) {
      throw new AppwriteException(`Invalid endpoint URL: ${maskedURL(endpoint)} (it must begin with http:// or https://)`);
    }
    return this.#setIdentity("endpoint", endpoint);
  }

  setProject(project) {
    return this.#setIdentity("project", text("Project", project, "the project's id"));
  }

  setJWT(jwt) {
    return this.#setIdentity("jwt", text("JWT", jwt, "the jwt property of what createJWT() resolved with"));
  }

  setSession(session) {
    return this.#setIdentity("session", text("Session", session, "the secret property of a session"));
  }

  setLocale(locale) {
    return this.#set({ locale: text("Locale", locale, "a code such as en") });
  }

  /** Sends a dev key, by which servers that support it exempt requests from their limits. `""` removes it. */
  setDevKey(key) {
    const { [DEV_KEY]: _, ...others } = this.headers;
    const value = text("Dev key", key, "the secret of a dev key of the project");
    this.headers = value ? { ...others, [DEV_KEY]: value } : others;
    return this;
  }

  /** A copy of the headers that calls are sent with, credentials included. */
  getHeaders() {
    const { jwt, session, locale } = this.config;
    const own = { "X-Appwrite-JWT": jwt, "X-Appwrite-Session": session, "X-Appwrite-Locale": locale };
    return { ...this.headers, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value)) };
  }

  /** Asks whether the project can be reached. */
  ping(...args) {
    const { params, signal } = readArguments(operations.ping, args);
    return this.invoke(operations.ping, params, signal);
  }

  /**
   * Calls `fn` after each sign-in, sign-out and change of the token, in other
   * tabs too, and first with the present state. Loads the WebAssembly. The
   * returned function ends this; until then the client is kept alive.
   */
  onAuthChange(fn) {
    if (typeof fn !== "function") {
      throw failure("client_invalid_argument", "Invalid parameter: onAuthChange() takes a function, which is called with each change");
    }
    const { changes } = this.#auth;
    const tell = changes.add(fn);
    const present = this.#auth.present();
    if (present) tell(present);
    this.#watch(tell);
    return () => {
      changes.remove(tell);
      if (changes.size() === 0) this.#runtime.unwatch(this.#auth);
    };
  }

  /** Runs an operation by its descriptor; the services are made of this. */
  invoke(operation, params, signal) {
    const send = (task) => this.#runtime.call(this.#auth, this.#snapshot(), operation, params, task);
    return abortable(signal, (task) => this.#auth.mirror.sending(operation, params, () => send(task)));
  }

  /** Resolves with the token held if it is fresh and need not be renewed, else with the one that Go gets. */
  token(forceRefresh, signal) {
    return abortable(signal, async (task) => {
      const held = forceRefresh ? null : this.#auth.mirror.fresh();
      return held ?? this.#runtime.token(this.#auth, this.#snapshot(), forceRefresh, task);
    });
  }

  /** The token held if it has not expired, or null. */
  heldToken() {
    return this.#auth.mirror.living();
  }

  #set(change) {
    this.#config = configOf({ ...this.#config, ...change });
    return this;
  }

  // Sets a part of the client's identity. Listeners hear of the new identity's
  // changes without a call.
  #setIdentity(name, value) {
    if (this.config[name] === value) return this;
    this.#set({ [name]: value });
    this.#auth.mirror.reset();
    if (this.#auth.changes.size() > 0) this.#watch(this.#auth.changes.tell);
    return this;
  }

  #watch(tell) {
    const failed = (cause) => tell(changeOf({ type: "error", error: toException(cause) }));
    this.#runtime.watch(this.#auth, () => this.#snapshot()).catch(failed);
  }

  #snapshot() {
    return { ...this.config, ...this.#options, headers: { ...this.headers }, generation: this.#auth.mirror.generation() };
  }
}

printedAs(Client.prototype, "Client ", ({ config, headers }) => ({ ...maskedConfig(config), headers: maskedHeaders(headers) }));
refuseUnsupported(Client, "client");

function configOf(values) {
  unprinted(values, "jwt", true);
  unprinted(values, "session", true);
  return Object.freeze(printedAs(values, "", maskedConfig));
}

function maskedConfig({ endpoint, jwt, session, ...others }) {
  return { ...others, endpoint: maskedURL(endpoint), jwt: masked(jwt), session: masked(session) };
}

// An absent value removes a credential.
function text(field, value, fix) {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  throw new AppwriteException(`${field} must be a string, not ${kind(value)}: give ${fix}`);
}

function kind(value) {
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
