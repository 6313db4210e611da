import { failure } from "../shared/exception.js";
import { stringifyJSON } from "../shared/json.js";
import { given, own } from "../shared/members.js";

// What Go, its wasm_exec.js and the fetch transport look up by name. Anything
// else of the page is out of their reach.
const NAMES = [
  "Object", "Array", "Promise", "Reflect", "String", "Error", "TypeError", "Uint8Array", "Date", "Headers",
  "AbortController",
  "crypto", "performance", "TextEncoder", "TextDecoder", "console",
];
// Without which no program can start, or no call go out.
const NEEDED = ["TextEncoder", "TextDecoder", "crypto", "performance", "AbortController", "fetch", "setTimeout"];
// By these Go tells whether the platform keeps cookies.
const COOKIE_JAR_MARKS = ["document", "WorkerGlobalScope", "navigator"];
// What Go looks up where cookies are kept, and only there: what servers have by
// these names is shared by all of their users, and to look at it may warn or
// need a permission.
const BESIDE_COOKIES = ["localStorage", "sessionStorage", "BroadcastChannel"];

/**
 * Throws the AppwriteException of a platform that lacks something that neither it nor the
 * `scope` options of init() have.
 */
export function checkPlatform(global, overrides) {
  const missing = NEEDED.filter((name) => !overrides[name] && allowed(global, name) === undefined);
  if (missing.length === 0) return;
  const them = missing.length === 1 ? "it" : "them";
  throw failure(
    "client_load_failed",
    `This platform has no ${missing.join(", ")}, which isojot needs. Browsers and Node 20 have ${them}; in Jest take the environment jest-fixed-jsdom or node`,
  );
}

/**
 * Builds the object that a Go program takes for its globalThis. `overrides`
 * are the checked `scope` options of init(), `timers` the program's newTimers().
 */
export function privateScope(global, overrides, timers) {
  const scope = own();
  for (const name of NAMES) scope[name] = global[name];
  for (const name of COOKIE_JAR_MARKS) if (given(global, name)) scope[name] = global[name];
  for (const name of BESIDE_COOKIES) Object.defineProperty(scope, name, { __proto__: null, get: () => allowed(global, name), configurable: true });
  if (overrides.now) scope.Date = dateWith(global.Date, overrides.now);
  if (overrides.performance) scope.performance = overrides.performance;
  // Looked up at each call, so that a page or a test may wrap fetch after the
  // load; called on the real global, since browsers refuse any other receiver.
  // It reads its options through their prototype.
  const fetch = overrides.fetch ?? ((...args) => global.fetch(...args));
  scope.fetch = (url, init) => fetch(url, own(init));
  scope.setTimeout = (callback, milliseconds) => timers.set(callback, milliseconds);
  scope.clearTimeout = (timer) => timers.clear(timer);
  return scope;
}

/**
 * Gives a member of the global object. A page whose storage is blocked (a
 * sandboxed frame, a strict privacy mode) throws SecurityError at the mere look;
 * it then has none, as an old browser.
 */
export function allowed(global, name) {
  try {
    return global[name] ?? undefined;
  } catch {
    return undefined;
  }
}

function dateWith(Base, now) {
  return class extends Base {
    constructor(...args) {
      super(...(args.length === 0 ? [now()] : args));
    }

    static now() {
      return now();
    }
  };
}
