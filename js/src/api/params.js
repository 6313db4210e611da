import { AppwriteException } from "../shared/exception.js";
import { given, has } from "../shared/members.js";

/**
 * Gives the parameters of an operation, by its descriptor, by name, whichever way the caller gave
 * them: one object, or the older positional form. Names the operation does not
 * have are left out, as are undefined and null, which mean "not given".
 * `signal` is what the object form may hold besides.
 *
 * Throws an AppwriteException that names the first required one missing.
 */
export function readArguments(operation, args) {
  const { params, optional } = operation;
  if (!isNamed(operation, args)) return { params: named(params, optional, fromPositions(params, args)) };
  const object = Object(args[0]);
  return { params: named(params, optional, object), signal: given(object, "signal") };
}

function named(params, optional, object) {
  const values = {};
  for (const name of params) {
    const value = given(object, name);
    if (value !== undefined && value !== null) values[name] = value;
    else if (!optional.includes(name)) throw missing(name);
  }
  return values;
}

function isNamed({ params, objects }, args) {
  const [first] = args;
  if (first === undefined) return args.length <= 1;
  if (typeof first !== "object" || first === null || Array.isArray(first)) return false;
  // One object alone may be the parameter or hold it.
  return !objects.includes(params[0]) || has(first, params[0]);
}

function fromPositions(params, args) {
  return Object.fromEntries(params.map((name, i) => [name, args[i]]));
}

function missing(name) {
  return new AppwriteException(`Missing required parameter: "${name}"`);
}
