/** The methods that a function may be executed by. */
export const ExecutionMethod = /* @__PURE__ */ same("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD");

/** What an execution is of. */
export const ExecutionResourceType = /* @__PURE__ */ named("functions", "sites");

/** How far an execution is. */
export const ExecutionStatus = /* @__PURE__ */ named("waiting", "processing", "completed", "failed", "scheduled");

/** What began an execution. */
export const ExecutionTrigger = /* @__PURE__ */ named("http", "schedule", "event");

/** How Operator.arrayFilter() compares. */
export const Condition = /* @__PURE__ */ named(
  "equal", "notEqual", "greaterThan", "greaterThanEqual", "lessThan", "lessThanEqual", "contains", "isNull", "isNotNull",
);

function same(...values) {
  return Object.freeze(Object.fromEntries(values.map((value) => [value, value])));
}

function named(...values) {
  return Object.freeze(Object.fromEntries(values.map((value) => [value[0].toUpperCase() + value.slice(1), value])));
}
