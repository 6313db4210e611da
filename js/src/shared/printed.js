import { given, hide } from "./members.js";

// The method by which Node, Deno and Bun print an object.
const INSPECT = Symbol.for("nodejs.util.inspect.custom");
const MASK = "***";
// Parts of the names of headers that hold credentials (internal/mask has them too).
const TELLING = /auth|cookie|jwt|key|passw|secret|session|token/i;

/** What is printed instead of a credential; "" where there is none. */
export function masked(credential) {
  return credential ? MASK : "";
}

/** A URL, or what was meant as one, without the parts that may hold a password. */
export function maskedURL(url) {
  return url.replace(/^([^@]*?:\/\/)?.*@/s, `$1${MASK}@`).replace(/([?#]).*/s, `$1${MASK}`);
}

/** A copy of headers (an object, Headers or a Map) that can be changed, and is printed without credentials. */
export function printedHeaders(headers) {
  const entries = typeof given(headers ?? {}, "entries") === "function" ? [...headers.entries()] : Object.entries(headers ?? {});
  return printedAs(Object.fromEntries(entries), "", maskedHeaders);
}

/** A copy of headers without the values of those that are credentials. */
export function maskedHeaders(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, TELLING.test(name) ? masked(value) : value]));
}

/** Has an object, or all of a prototype, printed and written as JSON as what `view` makes of it. */
export function printedAs(object, name, view) {
  hide(object, "toJSON", function () {
    return view(this);
  });
  hide(object, INSPECT, function (depth, options, inspect) {
    return inspect ? name + inspect(view(this), options) : view(this);
  });
  return object;
}

/** Makes a member an accessor, whose value is read and copied as before, but nowhere printed. */
export function unprinted(object, name, enumerable) {
  const value = object[name];
  Reflect.defineProperty(object, name, { __proto__: null, get: () => value, enumerable, configurable: true });
}
