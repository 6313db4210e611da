import { own } from "../shared/members.js";

/**
 * Makes the descriptors of a service's operations, by method, of what is
 * generated for it: each is { name, pattern, lanes, effect, params, optional,
 * objects, changing }, all of which are its own members. Go performs an operation by its descriptor and has no table of its
 * own, so that a page loads what its services need. `service` is "" for
 * operations of none.
 *
 * A descriptor comes from this package's own modules. Whoever can hand Go
 * another one runs on the page and could send the request itself; Go checks
 * its shape, so that a mistake names its field, and nothing more.
 */
export function describe(service, entries) {
  return Object.fromEntries(Object.entries(entries).map(([method, entry]) => [method, descriptor(service ? `${service}.${method}` : method, entry)]));
}

// A parameter is "name", "name?" if it may be left out, "name{}" if it is an object.
function descriptor(name, entry) {
  const { params = "", ...members } = own(entry);
  const list = params.match(/\S+/g) ?? [];
  const nameOf = (param) => param.match(/\w+/)[0];
  const marked = (mark) => list.filter((param) => param.includes(mark)).map(nameOf);
  return Object.freeze({ name, effect: "", changing: "", ...members, params: list.map(nameOf), optional: marked("?"), objects: marked("{}") });
}
