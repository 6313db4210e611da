import { given } from "../shared/members.js";

/**
 * The value of a request's header, by its name in lower case; undefined or null
 * if there is none. HTTP's names have no case: Headers and Node's requests are
 * asked as they are, others have them as somebody wrote them.
 */
export function headerOf(headers, name) {
  if (isHeaders(headers)) return headers.get(name);
  const entries = isMap(headers) ? [...headers] : Object.entries(headers);
  return entries.find(([written]) => String(written).toLowerCase() === name)?.[1];
}

/**
 * Reports whether a value is Headers: by what it can do rather than instanceof
 * or its tag, since it may be a polyfill's or another realm's. Stores of cookies
 * have no append().
 */
export function isHeaders(value) {
  const can = (name) => typeof given(value, name) === "function";
  return typeof value === "object" && value !== null && ["get", "has", "append"].every(can) && !isForm(value);
}

/** Reports whether a value is what a form sends, which has the methods of Headers. */
export function isForm(value) {
  return ["URLSearchParams", "FormData"].includes(tagOf(value));
}

function isMap(value) {
  return tagOf(value) === "Map";
}

function tagOf(value) {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
