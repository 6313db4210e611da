import { Account } from "./account.js";
import { AppwriteException } from "./exception.js";

// Where the official package points a client that was told no endpoint.
const DEFAULT_ENDPOINT = "https://cloud.appwrite.io/v1";

const EMPTY = Object.freeze({ endpoint: DEFAULT_ENDPOINT, project: "", jwt: "", session: "", locale: "" });

/**
 * Says whom to talk to, and as whom. Its configuration is an immutable object
 * that each setter replaces, so that a call goes out with what was set when it
 * was made, however long the WebAssembly takes to load.
 */
export class Client {
  #runtime;
  #storage;
  #account;

  constructor(runtime, { storage } = {}) {
    this.#runtime = runtime;
    this.#storage = checkedStorage(storage);
    this.config = EMPTY;
    this.headers = {};
  }

  /** The Account service of this client. */
  get account() {
    return (this.#account ??= new Account(this));
  }

  setEndpoint(endpoint) {
    if (!endpoint || typeof endpoint !== "string") {
      throw new AppwriteException("Endpoint must be a valid string, such as https://example.com/v1");
    }
    if (!/^https?:\/\//.test(endpoint)) {
      throw new AppwriteException(`Invalid endpoint URL: ${endpoint} (it must begin with http:// or https://)`);
    }
    return this.#set({ endpoint });
  }

  setProject(project) {
    return this.#set({ project: text("Project", project, "the project's id") });
  }

  setJWT(jwt) {
    return this.#set({ jwt: text("JWT", jwt, "the jwt property of what createJWT() resolved with") });
  }

  setSession(session) {
    return this.#set({ session: text("Session", session, "the secret property of a session") });
  }

  setLocale(locale) {
    return this.#set({ locale: text("Locale", locale, "a code such as en") });
  }

  /** Runs one operation of the table; the services are made of this. */
  invoke(operation, params) {
    return this.#runtime.call(this, this.#snapshot(), operation, params);
  }

  #set(change) {
    this.config = Object.freeze({ ...this.config, ...change });
    return this;
  }

  #snapshot() {
    return { ...this.config, headers: { ...this.headers }, storage: this.#storage };
  }
}

// An absent value takes a credential away again.
function text(field, value, fix) {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  throw new AppwriteException(`${field} must be a string, not ${kind(value)}: give ${fix}`);
}

function kind(value) {
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function checkedStorage(storage) {
  if (storage === undefined || storage === null) return undefined;
  for (const method of ["getItem", "setItem", "removeItem"]) {
    if (typeof storage[method] !== "function") {
      throw new AppwriteException(`Client option "storage" has no ${method}(): give an object like localStorage`);
    }
  }
  return storage;
}
