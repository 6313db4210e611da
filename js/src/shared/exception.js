import { given, own } from "./members.js";
import { named } from "./named.js";
import { unprinted } from "./printed.js";

// A page can hold two copies of this package (one required, one imported), so
// that instanceof goes by a brand that both share, not by identity.
const brand = Symbol.for("isojot.AppwriteException");

/**
 * The one error this package throws and rejects with. `code` is the HTTP
 * status, or 0 when there was no answer; `type` is the server's error type
 * (contract section 3) or one of this package's own, which begin with
 * "client_"; `response` is the body of the answer as it was received.
 *
 * The options hold what the official class has not: `reason`, why the call was
 * not let through, as far as there is evidence; `advice`, a sentence about what
 * to do; `retryAfter`, seconds to wait.
 */
export const AppwriteException = /* @__PURE__ */ branded(class AppwriteException extends Error {
  constructor(message, code = 0, type = "", response = "", options) {
    const { reason = "unknown", advice = "", retryAfter } = own(options);
    super(message, own(options));
    this.name = "AppwriteException";
    this.code = code;
    this.type = type;
    this.reason = reason ?? "unknown";
    this.advice = advice ?? "";
    this.retryAfter = retryAfter;
    // Not printed with the rest: what is no answer of the API may hold anything.
    const set = (value) => (response = value);
    Object.defineProperty(this, "response", { __proto__: null, get: () => response, set, configurable: true });
  }

  static [Symbol.hasInstance](value) {
    // A subclass inherits this method and must still mean only itself.
    if (this !== AppwriteException) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && value[brand] === true;
  }
});

// A call, marked as pure: a statement that did the same could not be dropped by
// a bundler where an app makes no such error.
function branded(exception) {
  Object.defineProperty(exception.prototype, brand, { __proto__: null, value: true });
  return named("AppwriteException", exception);
}

/** Makes an error of this package's own: no answer of a server is behind it. */
export function failure(type, message, cause) {
  return new AppwriteException(message, 0, type, "", cause === undefined ? undefined : { cause });
}

/** Makes the error of a parameter that cannot be used. */
export function invalidParameter(message, cause) {
  return failure("client_invalid_argument", `Invalid parameter: ${message}`, cause);
}

/** Turns whatever Go rejected with into an AppwriteException, keeping it as the cause. */
export function toException(error) {
  if (error instanceof AppwriteException) return error;
  const from = Object(error);
  const text = (name) => (typeof given(from, name) === "string" ? from[name] : "");
  const number = (name) => (Number.isFinite(given(from, name)) ? from[name] : undefined);
  const response = text("response");
  if (response) unprinted(from, "response", false);
  return new AppwriteException(from.message ?? String(error), number("code") ?? 0, text("type"), response, {
    cause: error,
    reason: text("reason") || undefined,
    advice: text("advice"),
    retryAfter: number("retryAfter"),
  });
}

/**
 * Returns a function that throws an error on with the stack of the caller of
 * `callee`: an error is made much later, where nothing of that caller is left on
 * the stack. Without captureStackTrace the error keeps its own stack.
 */
export function whence(callee) {
  const at = {};
  Error.captureStackTrace?.(at, callee);
  return (error) => {
    const frames = at.stack?.indexOf("\n") ?? -1;
    if (frames >= 0 && error instanceof AppwriteException) error.stack = `${error.name}: ${error.message}${at.stack.slice(frames)}`;
    throw error;
  };
}

/** Makes the error of a program that ended by itself; `why` is its exit code or what it threw, if known. */
export function stopped(why) {
  const detail = typeof why === "number" ? ` with exit code ${why}` : why ? `: ${why.message ?? why}` : "";
  return failure(
    "client_stopped",
    `isojot's Go program stopped${detail}. The console says why; the next call starts it afresh`,
    typeof why === "object" ? why : undefined,
  );
}

/** Makes the error of a file that is of another release than the JavaScript that loaded it. */
export function mixedVersions(file, its, ours) {
  return failure(
    "client_version_mismatch",
    `${file} is of version ${its} but the JavaScript is of version ${ours}: a cache or deployment mixed two releases. ` +
      "Serve both files of one release, and clear the caches",
  );
}

/** Makes the error of a token that was asked for while another user was, or nobody is, signed in. */
export function sessionChanged() {
  const message = "somebody signed in or out after the token was asked for; ask again";
  return new AppwriteException(message, 0, "client_session_changed", "", { reason: "session-ended", advice: "Ask again, or sign in again." });
}
