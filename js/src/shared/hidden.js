// Frameworks wrap what apps hand them in a Proxy, through which members of a
// class that are marked # cannot be reached, or copy it. Under a symbol both keep
// what an object has; and a function is one thing that no Proxy wraps in turn.
const STATE = Symbol("isojot");

/** Gives an object a state of its own, and returns it. */
export function hideState(object, state) {
  object[STATE] = () => state;
  return state;
}

/** The state of an object, of what wraps it or of its copy. */
export function stateOf(object) {
  return object[STATE]();
}
