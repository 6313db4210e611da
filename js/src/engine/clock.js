/**
 * Makes the function that reads both clocks the Go program goes by: the time
 * of day and the elapsed time, in milliseconds.
 */
export function clockOf(global, { now, performance }) {
  return () => [now ? now() : global.Date.now(), (performance ?? global.performance).now()];
}
