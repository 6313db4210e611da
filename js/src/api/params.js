import { AppwriteException } from "../shared/exception.js";
import { given, has, own } from "../shared/members.js";

/**
 * Gives the parameters of an operation, by its descriptor, by name, whichever way the caller gave
 * them: one object, or the older positional form. They are in the order of the wire. Names the operation does not
 * have are left out, as is what is undefined, which means "not given"; null is a value.
 * `signal` and an upload's `onProgress` and `resume` are what the object may hold besides; onProgress
 * may come after the last position, too.
 *
 * Throws an AppwriteException that names the first required one missing.
 */
export function readArguments(operation, args) {
  const { params } = operation;
  const last = args[params.length]; // what is more than asked for is none, as officially
  if (!isNamed(operation, args)) return own({ params: checked(operation, (name, i) => args[i]), onProgress: typeof last === "function" ? last : undefined });
  const object = args[0];
  const valueOf = (name) => (has(object, name) ? object[name] : given(object, operation.wire[name] ?? name));
  return { params: checked(operation, valueOf), signal: given(object, "signal"), onProgress: given(object, "onProgress"), resume: given(object, "resume") };
}

function checked({ params, optional, pattern, order = params }, valueOf) {
  const values = own();
  params.forEach((name, i) => {
    const value = valueOf(name, i);
    // No id is null or empty: the path would be another one's.
    const isNone = value === undefined || ((value === null || value === "") && pattern.includes(`{${name}}`));
    if (!isNone) values[name] = value;
    else if (!optional.includes(name)) throw new AppwriteException(`Missing required parameter: "${name}"`);
  });
  return own(Object.fromEntries(order.filter((name) => name in values).map((name) => [name, values[name]])));
}

// One object alone may be the first parameter, where that is marked, or hold it.
function isNamed({ params, checked }, [first]) {
  if (typeof first !== "object" || first === null || Array.isArray(first)) return false;
  return !checked || params.some((name) => has(first, name));
}
