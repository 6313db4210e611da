import { failure } from "../shared/exception.js";
import { flatten } from "../shared/flatten.js";
import { stringifyJSON } from "../shared/json.js";
import { own } from "../shared/members.js";

/**
 * Writes the parameters of an operation down as they go over the wire, in texts:
 * { path, query, body, headers }. Go adds who asks.
 */
export function written(operation, params) {
  const { pattern, effect, accept = "application/json", wire = {} } = own(operation); // which Go checks
  const inPath = (name) => String(pattern).includes(`{${name}}`);
  const path = own();
  const rest = own();
  for (const [name, value] of Object.entries(params)) {
    if (inPath(name)) path[name] = String(value);
    else rest[own(wire)[name] ?? name] = value;
  }
  const headers = own(accept && { accept });
  if (inPath("project")) headers["x-appwrite-project"] = ""; // which is in the path
  if (effect === "envelope") headers["x-sdk-graphql"] = "true";
  return String(pattern).startsWith("GET ") ? { path, query: queryOf(rest), headers } : { path, body: bodyOf(rest), headers };
}

/** Writes a query down, without a question mark. */
export function queryOf(values) {
  return String(new URLSearchParams(Object.entries(flatten(values)).map(([name, value]) => [name, String(value)])));
}

/** Writes a body down as JSON. */
export function bodyOf(value) {
  try {
    return stringifyJSON(value);
  } catch (cause) {
    throw failure("client_invalid_argument", `Invalid parameter: it cannot be written as JSON (${cause.message})`, cause);
  }
}
