import { AppwriteException, failure } from "../shared/exception.js";
import { graphql } from "./graphql.gen.js";
import { stringifyJSON } from "../shared/json.js";
import { given, has, own } from "../shared/members.js";
import { describe } from "./operation.js";

const operations = describe("graphql", graphql);

/**
 * Queries and mutations as the client's user. They resolve with the
 * answer as it came: errors of single operations are in its `errors`.
 */
export class Graphql {
  constructor(client) {
    this.client = client;
  }

  query(...args) {
    return this.#send(operations.query, args);
  }

  mutation(...args) {
    return this.#send(operations.mutation, args);
  }

  #send(operation, [first]) {
    const { query, signal } = readQuery(first);
    return this.client.invoke(operation, { query }, signal);
  }
}

// The one parameter, by name or by position. What is given by position has a
// member of that name too, which is then a text.
function readQuery(first) {
  const named = first && typeof first === "object" && !Array.isArray(first) && has(first, "query") && typeof first.query !== "string";
  const { query, signal } = named ? { query: first.query, signal: given(first, "signal") } : own({ query: first });
  if (query === undefined || query === null) throw new AppwriteException('Missing required parameter: "query"');
  if (typeof query !== "object") {
    throw failure("client_invalid_argument", 'Invalid parameter: query must be an object such as { query: "{ accountGet { _id } }" }, or a list of them');
  }
  try {
    stringifyJSON(query);
  } catch (cause) {
    throw failure("client_invalid_argument", `Invalid parameter: query cannot be written as JSON (${cause.message})`, cause);
  }
  return { query, signal };
}
