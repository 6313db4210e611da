import { cookiesIn } from "../shared/cookieheader.js";
import { headerOf, isForm, isHeaders } from "./headers.js";
import { given, has } from "../shared/members.js";
import { invalid } from "../shared/options.js";

const FIX =
  "give an object with get(name) or getAll(), such as the cookies of your framework, or the request, its Headers or its Cookie header";

/** then() for what may be no promise: then `fn` is called at once. */
export function whenever(value, fn) {
  return isPromise(value) ? value.then(fn) : fn(value);
}

export function isPromise(value) {
  return typeof value?.then === "function";
}

/**
 * Gives one interface to the various ways of frameworks to handle a request's
 * cookies. Their errors pass through unchanged: some mean something to them.
 */
export function openCookies(source) {
  let cookies = whenever(source, adapt);
  if (isPromise(cookies)) {
    const ready = (adapted) => (cookies = adapted);
    cookies.then(ready, () => {}); // each read gets the failure
  }
  return {
    /** The values of all cookies of the name, or a promise of them. */
    read: (name) => whenever(cookies, ({ read }) => read(name)),

    /** Whether there is a way to write, or a promise of it. */
    writable: () => whenever(cookies, ({ write }) => write !== undefined),

    /** Writes a list of { name, value, options, header }; `headers` are for the answer that carries them. */
    write: async (list, headers) => (await cookies).write(list, headers),
  };
}

function adapt(source) {
  if (source === undefined || source === null || typeof source === "string") return fromHeader(() => source);
  if (typeof source !== "object") throw invalid(`cookies must not be a ${typeof source}: ${FIX}`);
  if (isHeaders(source)) return fromHeader(() => headerOf(source, "cookie"));
  // A request comes before a store: Express gives its requests a get() for headers.
  const headers = given(source, "headers");
  if (typeof headers === "object" && headers !== null) return fromHeader(() => headerIn(source, headers));
  const other = otherThanCookies(source);
  if (other) throw invalid(`cookies is ${other}, and none of its cookies: ${FIX}`);
  return { read: reader(source), write: writer(source) };
}

// The Cookie header of a request. Some gateways hand over its parts as a list
// (AWS: in `cookies` of the event, or as the header's value).
function headerIn(request, headers) {
  if (Array.isArray(headers)) throw invalid(`cookies has headers that are a list: ${FIX}`);
  const header = headerOf(headers, "cookie") ?? listOf(given(request, "cookies"));
  if (header === undefined || header === null || typeof header === "string") return header;
  const list = listOf(header);
  if (list) return list.join("; ");
  throw invalid(`the request's Cookie header must be a string, not a ${typeof header}: ${FIX}`);
}

function listOf(value) {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

// What has a get(), too, which gives something else: taken for cookies it would
// make everybody a guest.
function otherThanCookies(source) {
  if (isForm(source)) return "what a form or an address holds";
  if (typeof given(source, "req") === "object") return "a framework's context";
  if (["setHeader", "writeHead"].some((name) => typeof given(source, name) === "function")) return "a response";
  return "";
}

function fromHeader(header) {
  return { read: (name) => cookiesIn(header(), name) };
}

function reader(store) {
  if (typeof store.get === "function") return (name) => whenever(store.get(name), (cookie) => [valueOf(cookie)]);
  if (typeof store.getAll === "function") return (name) => whenever(store.getAll(), (all) => find(all, name));
  throw invalid(`cookies has neither get() nor getAll(): ${FIX}`);
}

// Next.js and the Cookie Store API give the cookie, the others its value.
function valueOf(cookie) {
  if (cookie === undefined || cookie === null || typeof cookie === "string") return cookie;
  const value = typeof cookie === "object" && has(cookie, "value") ? (cookie.value ?? "") : cookie;
  if (typeof value === "string") return value;
  throw invalid(`cookies.get() gave ${kindOf(cookie)}: it must give the cookie's value, an object with it, or undefined`);
}

function find(all, name) {
  if (all === undefined || all === null || typeof all === "string") return cookiesIn(all, name);
  if (Array.isArray(all) && all.every((cookie) => typeof cookie?.name === "string")) return all.filter((cookie) => cookie.name === name).map(valueOf);
  throw invalid("cookies.getAll() must give an array of { name, value }, or the request's Cookie header");
}

function kindOf(value) {
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object without a value" : `a ${typeof value}`;
}

function writer(store) {
  if (typeof store.setAll === "function") return (list, headers) => store.setAll(list, headers);
  if (typeof store.set !== "function") return undefined;
  return async (list) => {
    for (const { name, value, options } of list) await store.set(name, value, options);
  };
}
