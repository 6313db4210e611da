import { failure } from "../shared/exception.js";
import { stringifyJSON } from "../shared/json.js";
import { own } from "../shared/members.js";

/**
 * Writes the parameters of an operation down as they go over the wire, in texts:
 * { path, query, body, headers }. Go adds who asks.
 */
export function written(operation, params) {
  const { pattern, effect } = own(operation); // which Go checks
  const inPath = (name) => String(pattern).includes(`{${name}}`);
  const path = own();
  const rest = own();
  for (const [name, value] of Object.entries(params)) {
    if (inPath(name)) path[name] = String(value);
    else rest[name] = value;
  }
  if (String(pattern).startsWith("GET ")) return { path, query: queryOf(rest) };
  // GraphQL's body is the query itself, or a list of them.
  return { path, body: bodyOf(effect === "envelope" ? rest.query : rest) };
}

// The items of a list are numbered.
function queryOf(values) {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((item, i) => [`${name}[${i}]`, item]) : [[name, value]],
  );
  return String(new URLSearchParams(pairs));
}

function bodyOf(value) {
  try {
    return stringifyJSON(value);
  } catch (cause) {
    throw failure("client_invalid_argument", `Invalid parameter: it cannot be written as JSON (${cause.message})`, cause);
  }
}
