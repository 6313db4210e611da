/** The methods that a function may be executed by. */
export const ExecutionMethod = same("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD");

/** What an execution is of. */
export const ExecutionResourceType = named("functions", "sites");

/** How far an execution is. */
export const ExecutionStatus = named("waiting", "processing", "completed", "failed", "scheduled");

/** What began an execution. */
export const ExecutionTrigger = named("http", "schedule", "event");

function same(...values) {
  return Object.freeze(Object.fromEntries(values.map((value) => [value, value])));
}

function named(...values) {
  return Object.freeze(Object.fromEntries(values.map((value) => [value[0].toUpperCase() + value.slice(1), value])));
}
