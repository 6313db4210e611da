import { failure } from "../shared/exception.js";
import { parseJSON, stringifyJSON } from "../shared/json.js";

/** Makes the query strings of lists. */
export class Query {
  constructor(method, attribute, values) {
    this.method = method;
    this.attribute = attribute;
    if (values !== undefined) this.values = Array.isArray(values) ? values : [values];
  }

  toString() {
    const { method, attribute, values } = this;
    return stringifyJSON({ method, attribute, values });
  }

  static createdBefore = (value) => Query.lessThan("$createdAt", value);
  static createdAfter = (value) => Query.greaterThan("$createdAt", value);
  static createdBetween = (start, end) => Query.between("$createdAt", start, end);
  static updatedBefore = (value) => Query.lessThan("$updatedAt", value);
  static updatedAfter = (value) => Query.greaterThan("$updatedAt", value);
  static updatedBetween = (start, end) => Query.between("$updatedAt", start, end);
}

const made = (...parts) => new Query(...parts).toString();

// How each kind of query takes its arguments: the names of its methods, and
// what it makes of one.
const KINDS = [
  [["isNull", "isNotNull", "orderDesc", "orderAsc", "orderRandom"], (method) => (attribute) => made(method, attribute)],
  [["exists", "notExists", "select", "cursorAfter", "cursorBefore", "limit", "offset"], (method) => (values) => made(method, undefined, values)],
  [
    [
      "equal", "notEqual", "regex", "lessThan", "lessThanEqual", "greaterThan", "greaterThanEqual", "startsWith", "endsWith", "search",
      "contains", "containsAny", "containsAll", "notContains", "notSearch", "notStartsWith", "notEndsWith",
    ],
    (method) => (attribute, value) => made(method, attribute, value),
  ],
  [["between", "notBetween"], (method) => (attribute, start, end) => made(method, attribute, [start, end])],
  [
    ["distanceEqual", "distanceNotEqual", "distanceGreaterThan", "distanceLessThan"],
    (method) => (attribute, values, distance, meters = true) => made(method, attribute, [[values, distance, meters]]),
  ],
  [
    [
      "vectorDot", "vectorCosine", "vectorEuclidean", "intersects", "notIntersects", "crosses", "notCrosses", "overlaps", "notOverlaps",
      "touches", "notTouches",
    ],
    (method) => (attribute, values) => made(method, attribute, [values]),
  ],
  [["or", "and"], (method) => (queries) => made(method, undefined, read(method, queries))],
  [["elemMatch"], (method) => (attribute, queries) => made(method, attribute, read(method, queries))],
];

for (const [methods, kind] of KINDS) {
  for (const method of methods) Query[method] = kind(method);
}

// Queries that are parts of another stand in it as objects.
function read(method, queries) {
  return queries.map((query) => {
    try {
      return parseJSON(query, { unbounded: true });
    } catch (cause) {
      const message = `Invalid parameter: Query.${method}() takes queries that Query made, which are JSON, not ${String(query)}`;
      throw failure("client_invalid_argument", message, cause);
    }
  });
}
