// What objects have by Object.prototype is nobody's member: a page may have
// assigned anything there. (Object.hasOwn() is newer than the oldest browsers.)

/** A copy of an object that has its own members and no others; of undefined and null, an empty one. */
export function own(object) {
  return { __proto__: null, ...object };
}

/** Gives an object a member that is not enumerated, as classes have their methods. */
export function hide(object, name, value) {
  Object.defineProperty(object, name, { __proto__: null, value, writable: true, configurable: true });
}

/** Reports whether an object of a caller's has a member, of its own or by its class. */
export function has(object, name) {
  if (!(name in object)) return false;
  return !(name in Object.prototype) || Object.prototype.hasOwnProperty.call(object, name) || object[name] !== Object.prototype[name];
}

/** A member of an object of a caller's, undefined if it has none. */
export function given(object, name) {
  return has(object, name) ? object[name] : undefined;
}
