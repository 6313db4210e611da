import { invalidParameter } from "../shared/exception.js";
import { parseJSON, stringifyJSON } from "../shared/json.js";
import { given } from "../shared/members.js";
import { named } from "../shared/named.js";

/** Makes the query strings of lists. */
export const Query = /* @__PURE__ */ defineQuery();

// A call, marked as pure: the methods are given to the class by loops, which a
// bundler could not drop where an app makes no queries.
function defineQuery() {
  class Query {
    constructor(method, attribute, values) {
      this.method = method;
      this.attribute = attribute;
      if (values !== undefined) this.values = Array.isArray(values) ? values : [values];
    }

    toString() {
      const { method, attribute } = this;
      return stringifyJSON({ method, attribute, values: given(this, "values") });
    }
  }
  const made = (...parts) => new Query(...parts).toString();

  // How each kind of query takes its arguments: the names of its methods, and
  // what it makes of one.
  const kinds = [
    [["isNull", "isNotNull", "orderDesc", "orderAsc"], (method) => (attribute) => made(method, attribute)],
    [["orderRandom"], (method) => () => made(method)],
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
  for (const [methods, kind] of kinds) {
    for (const method of methods) Query[method] = kind(method);
  }

  for (const time of ["created", "updated"]) {
    const attribute = `$${time}At`;
    Query[`${time}Before`] = (value) => Query.lessThan(attribute, value);
    Query[`${time}After`] = (value) => Query.greaterThan(attribute, value);
    Query[`${time}Between`] = (start, end) => Query.between(attribute, start, end);
  }
  return named("Query", Query);
}

// Queries that are parts of another stand in it as objects.
function read(method, queries) {
  return queries.map((query) => {
    try {
      return parseJSON(query, { unbounded: true });
    } catch (cause) {
      const message = `Query.${method}() takes queries that Query made, which are JSON, not ${String(query)}`;
      throw invalidParameter(message, cause);
    }
  });
}
