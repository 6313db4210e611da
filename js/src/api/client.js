import { abortable } from "../shared/abort.js";
import { changeOf, newAuth } from "../engine/auth.js";
import { clientConfig } from "./clientoptions.js";
import { AppwriteException, failure, invalidParameter, toException } from "../shared/exception.js";
import { flatten } from "../shared/flatten.js";
import { hideState, stateOf } from "../shared/hidden.js";
import { hide } from "../shared/members.js";
import { BY_GO, allowed, sessionOf } from "./lanes.js";
import { describe } from "./operation.js";
import { readArguments } from "./params.js";
import { masked, maskedHeaders, maskedURL, printedAs, printedHeaders, unprinted } from "../shared/printed.js";
import { CHUNK_SIZE, chunkedUpload } from "./chunks.js";
import { foreignCall, preparedRequest } from "./foreign.js";
import { written } from "../engine/request.js";

// Where the official package points a client that was told no endpoint.
const DEFAULT_ENDPOINT = "https://cloud.appwrite.io/v1";

const { ping } = describe("", "", "g", "ping GET/ping");

// Who is acted for: members of the configuration end with these, and headers.
const IMPERSONATED = ["Id", "Email", "Phone"];
const impersonate = (entry) => Object.fromEntries(IMPERSONATED.map((name) => entry(name, `impersonateuser${name.toLowerCase()}`)));

const CONFIG = {
  endpoint: DEFAULT_ENDPOINT, endpointRealtime: "", project: "", jwt: "", bearer: "", locale: "", session: "", cookie: "",
  ...impersonate((name, member) => [member, ""]),
};

const SECRETS = ["jwt", "bearer", "session", "cookie", "key", "devkey"];

// The headers that JavaScript adds, by the members of the configuration.
const HEADERS = {
  bearer: "Authorization", devkey: "X-Appwrite-Dev-Key", forwardeduseragent: "X-Forwarded-User-Agent",
  ...impersonate((name, member) => [member, `X-Appwrite-Impersonate-User-${name}`]),
};

/**
 * Holds which endpoint to talk to, and as which user. Its configuration is an immutable object
 * that each setter replaces, so that a call goes out with what was set when it
 * was made, however long the WebAssembly takes to load.
 */
export class Client {
  /** `services` are the classes Account and Functions of the platform, `more` further members of its configuration. */
  constructor(runtime, options, services, more) {
    hideState(this, {
      runtime,
      services,
      options: clientConfig(options),
      auth: newAuth(),
      config: configOf({ ...CONFIG, ...more }),
      headers: printedHeaders({}),
    });
  }

  /** The configuration now in force. Its credentials can be read, and are not printed. */
  get config() {
    return stateOf(this).config;
  }

  /** More headers to send with each call. */
  get headers() {
    return stateOf(this).headers;
  }

  set headers(headers) {
    stateOf(this).headers = printedHeaders(headers);
  }

  /** The Account service of this client. */
  get account() {
    const state = stateOf(this);
    return (state.account ??= new state.services.Account(this));
  }

  /** The Functions service of this client. */
  get functions() {
    const state = stateOf(this);
    return (state.functions ??= new state.services.Functions(this));
  }

  setEndpoint(endpoint) {
    checkURL(endpoint, "", "http");
    return identify(this, { endpoint, endpointRealtime: endpoint.replace("http", "ws") });
  }

  setEndpointRealtime(endpoint) {
    checkURL(endpoint, "realtime ", "ws");
    return set(this, { endpointRealtime: endpoint });
  }

  /** A copy of the headers that calls are sent with, credentials included. */
  getHeaders() {
    const { config, headers } = stateOf(this);
    return { ...headers, ...headersOf(config, { ...BY_GO, ...HEADERS }) };
  }

  /** Asks whether the project can be reached. */
  ping(...args) {
    const { params, signal } = readArguments(ping, args);
    return this.invoke(ping, params, signal);
  }

  /** Listens to changes of data. */
  subscribe() {
    throw failure("client_unsupported", "subscribe() is not in isojot yet: use the Client of the appwrite package for it");
  }

  /**
   * Sends a request to a URL below the endpoint, as the official package's services do: with the
   * client's identity, tokens and errors. It resolves with what JSON says, with { message } of a text,
   * or with an ArrayBuffer where the type of response is "arrayBuffer".
   */
  async call(method, url, headers, params, responseType) {
    const { operation, request } = foreignCall(this, method, url, headers, params, responseType === "arrayBuffer" ? "content" : "");
    return perform(this, operation, request);
  }

  /** What call() would send, for a fetch() of one's own: { uri, options }. */
  prepareRequest(method, url, headers, params) {
    return preparedRequest(this, method, url, headers, params);
  }

  /** Sends a file in chunks, as the official package's services do; `onProgress` hears of each. */
  async chunkedUpload(method, url, headers, payload, onProgress) {
    return chunkedUpload(this, method, url, headers, payload, onProgress);
  }

  static flatten(data, prefix) {
    return flatten(data, prefix);
  }

  /**
   * Calls `fn` after each sign-in, sign-out and change of the token, in other
   * tabs too, and first with the present state. Loads the WebAssembly. The
   * returned function ends this; until then the client is kept alive.
   */
  onAuthChange(fn) {
    if (typeof fn !== "function") {
      throw invalidParameter("onAuthChange() takes a function");
    }
    const { auth, runtime } = stateOf(this);
    const tell = auth.changes.add(fn);
    const present = auth.present();
    if (present) tell(present);
    watch(this, tell);
    return () => {
      auth.changes.remove(tell);
      if (auth.changes.size() === 0) runtime.unwatch(auth);
    };
  }

  /** Runs an operation by its descriptor; the services are made of this. */
  async invoke(operation, params, signal, headers) {
    return perform(this, operation, written(operation, params, headers), signal);
  }

  /** Resolves with the token held if it is fresh and need not be renewed, else with the one that Go gets. */
  token(forceRefresh, signal) {
    const { auth, runtime } = stateOf(this);
    return abortable(signal, async (task) => {
      const held = forceRefresh ? null : auth.mirror.fresh();
      return held ?? runtime.token(auth, snapshotOf(this), forceRefresh, task);
    });
  }

  /** The token held if it has not expired, or null. */
  heldToken() {
    return stateOf(this).auth.mirror.living();
  }
}

/** The size of an upload's chunks in bytes. */
Client.CHUNK_SIZE = CHUNK_SIZE;

// setCookie() has the client act by the session of its project in a Cookie header, unless a session
// is set. A dev key is what servers that support it exempt requests from their limits by.
defineSetters(Client, {
  Project: ["project", "the project's id", true],
  JWT: ["jwt", "the jwt property of what createJWT() resolved with", true],
  Session: ["session", "the secret property of a session", true],
  Cookie: ["cookie", "a request's Cookie header", true],
  Bearer: ["bearer", "an OAuth access token"],
  Locale: ["locale", "a code such as en"],
  DevKey: ["devkey", "the secret of a dev key of the project"],
  ...impersonate((name, member) => [`ImpersonateUser${name}`, [member, `the user's ${name.toLowerCase()}`]]),
});

printedAs(Client.prototype, "Client ", ({ config, headers }) => ({ ...maskedConfig(config), headers: maskedHeaders(headers) }));

/** Sends what is written() of an operation. */
export function perform(client, operation, request, signal) {
  const { auth, runtime, config } = stateOf(client);
  const send = (task) => runtime.call(auth, snapshotOf(client), allowed(operation, config), request, task);
  return abortable(signal, (task) => auth.mirror.sending(operation, request, () => send(task)));
}

/** What a call goes out with, in the form that Go takes. */
export function snapshotOf(client) {
  const { config, options, headers, carried, auth, runtime } = stateOf(client);
  const { endpoint, project, jwt, key = "", locale } = config;
  const all = { ...headers, ...headersOf(config, HEADERS), ...carried };
  return {
    endpoint, project, jwt, key, session: sessionOf(config), locale, ...options, format: runtime.format, headers: all,
    generation: auth.mirror.generation(),
  };
}

/**
 * Gives a class of clients a setter for each text of the configuration: by what the method is called
 * after "set", which text it is, what to give, and whether it is a part of the client's identity.
 */
export function defineSetters(Class, setters) {
  for (const [name, [member, fix, isIdentity]] of Object.entries(setters)) {
    const value = function (given) {
      const change = { [member]: text(name, given, fix) };
      return isIdentity ? identify(this, change) : set(this, change);
    };
    hide(Class.prototype, `set${name}`, value);
  }
}

/** Changes members of a client's configuration. */
export function set(client, change) {
  const state = stateOf(client);
  state.config = configOf({ ...state.config, ...change });
  return client;
}

// Changes a part of a client's identity. Listeners hear of the new identity's
// changes without a call.
function identify(client, change) {
  const { auth, config } = stateOf(client);
  if (Object.entries(change).every(([name, value]) => config[name] === value)) return client;
  set(client, change);
  auth.mirror.reset();
  if (auth.changes.size() > 0) watch(client, auth.changes.tell);
  return client;
}

function watch(client, tell) {
  const { auth, runtime } = stateOf(client);
  const failed = (cause) => tell(changeOf({ type: "error", error: toException(cause) }));
  runtime.watch(auth, () => snapshotOf(client)).catch(failed);
}

function headersOf(config, names) {
  const present = Object.entries(names).filter(([name]) => config[name]);
  return Object.fromEntries(present.map(([name, header]) => [header, name === "bearer" ? `Bearer ${config.bearer}` : config[name]]));
}

function configOf(values) {
  for (const name of SECRETS) if (name in values) unprinted(values, name, true);
  return Object.freeze(printedAs(values, "", maskedConfig));
}

function maskedConfig(config) {
  const hidden = Object.entries(config).map(([name, value]) => [name, SECRETS.includes(name) ? masked(value) : value]);
  const { endpoint, endpointRealtime } = config;
  return { ...Object.fromEntries(hidden), endpoint: maskedURL(endpoint), endpointRealtime: maskedURL(endpointRealtime) };
}

function checkURL(endpoint, use, scheme) {
  if (!endpoint || typeof endpoint !== "string") throw new AppwriteException(`Endpoint must be a valid string, such as ${scheme}s://example.com/v1`);
  if (new RegExp(`^${scheme}s?://`).test(endpoint)) return;
  throw new AppwriteException(`Invalid ${use}endpoint URL: ${maskedURL(endpoint)} (it must begin with ${scheme}:// or ${scheme}s://)`);
}

// Checks a text that a setter takes; an absent one removes what was set.
function text(field, value, fix) {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  throw new AppwriteException(`${field} must be a string, not ${kind(value)}: give ${fix}`);
}

function kind(value) {
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
