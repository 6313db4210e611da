import { invalidParameter } from "../shared/exception.js";
import { flatten } from "../shared/flatten.js";
import { stringifyJSON } from "../shared/json.js";
import { own } from "../shared/members.js";

/**
 * Writes the parameters of an operation down as they go over the wire, in texts:
 * { path, query, body, headers }, and an upload's as the fields of a form instead
 * of a body. Go adds who asks.
 */
export function written(operation, params, more) {
  const { pattern, effect, kind, accept = "application/json", wire = {} } = own(operation); // which Go checks
  const inPath = (name) => String(pattern).includes(`{${name}}`);
  const path = own();
  const rest = own();
  for (const [name, value] of Object.entries(params)) {
    if (inPath(name)) path[name] = String(value);
    else rest[own(wire)[name] ?? name] = value;
  }
  const headers = { ...own(accept && { accept }), ...more };
  if (inPath("project")) headers["x-appwrite-project"] = ""; // which is in the path
  if (effect === "envelope") headers["x-sdk-graphql"] = "true";
  if (kind === "upload") return { path, form: formOf(rest), headers };
  return String(pattern).startsWith("GET ") ? { path, query: queryOf(rest), headers } : { path, body: bodyOf(rest), headers };
}

/** Writes a query down, without a question mark. */
function queryOf(values) {
  return String(new URLSearchParams(Object.entries(flatten(values)).map(([name, value]) => [name, String(value)])));
}

/** Writes a form down as its fields: those of a list have brackets after their name. */
export function formOf(values) {
  const field = ([name, value]) => (Array.isArray(value) ? value.map((item) => [`${name}[]`, item]) : [[name, value]]);
  return Object.entries(values).flatMap(field).map(([name, value]) => [name, value?.arrayBuffer ? value : String(value)]);
}

/** Makes what fetch sends of a form's fields. */
export function formDataOf(fields) {
  const form = new FormData();
  for (const field of fields) form.append(...field);
  return form;
}

/** Writes a body down as JSON. */
export function bodyOf(value) {
  try {
    return stringifyJSON(value);
  } catch (cause) {
    throw invalidParameter(`it cannot be written as JSON (${cause.message})`, cause);
  }
}

/** Headers by their names in lower case, as fetch takes them: a number is a text, too. What is undefined or null is left out. */
export function textsOf(headers) {
  const text = ([name, value]) => ((value ?? null) === null ? [] : [[name.toLowerCase(), String(value)]]);
  return Object.fromEntries(Object.entries({ ...headers }).flatMap(text));
}
