import { own } from "../shared/members.js";

// A line is names, method and path, marks, and the parameters beside those of the path:
//
//   getSession /sessions/{sessionId}
//   update{Email,}Verification PUT/verifications/email :jskg userId secret
//   createFile /{bucketId}/files :@upload fileId file permissions?
//
// The method is left out where it is the one that the name begins with. The marks are lanes
// (where they are not the usual ones), an effect, * where the first parameter may be an object, the
// kind, and > with the type to ask for: none if nothing follows. A parameter is name, name? if it
// may be left out, name=other if it has another name on the wire. After < is the order on the wire,
// where it is another one.
const LINE = /^(\S+) ([A-Z]*)\/(\S*)(?: :([jskg]*)([-+~]*)(\*?)(?:@(\w+))?(?:>(\S*))?)?([^<]*)<?(.*)$/;
const METHODS = { g: "GET", l: "GET", c: "POST", u: "PATCH", d: "DELETE" };
const LANES = { j: "jwt", s: "session", k: "key", g: "guest" };
const EFFECTS = { "+": "signs in", "-": "ends session", "--": "ends all", "~": "envelope", "~+": "may sign in" };

/**
 * Makes the descriptors of a service's operations, by method, of a text that is
 * generated for it: each is { name, pattern, lanes, effect, answer, kind, accept, params, order, optional, wire, checked },
 * all of which are its own members. Go performs an operation by its descriptor and has no table of its
 * own, so that a page loads what its services need. `service` is "" for
 * operations of none.
 *
 * A descriptor comes from this package's own modules. Whoever can hand Go
 * another one runs on the page and could send the request itself; Go checks
 * its shape, so that a mistake names its field, and nothing more.
 */
export function describe(service, base, usual, text) {
  const lines = text.trim().split("\n");
  return own(Object.fromEntries(lines.flatMap((line) => descriptors(service && `${service}.`, base, usual, line))));
}

function descriptors(prefix, base, usual, line) {
  const [, names, method, path, lanes, effect, checked, kind = "", accept = "application/json", rest, order] = LINE.exec(line);
  const pattern = `${method || METHODS[names[0]]} ${base}${path && `/${path}`}`;
  const inPath = [...pattern.matchAll(/{(\w+)}/g)].map(([, name]) => name).filter((name) => name !== "project");
  const params = (rest.match(/\S+/g) ?? []).map((param) => /^(\w+)(\??)=?(\w*)$/.exec(param));
  const common = own({
    pattern,
    lanes: [...(lanes || usual)].map((lane) => LANES[lane]).join(" "),
    effect: EFFECTS[effect] ?? "",
    answer: /content|location/.test(kind) ? kind : "",
    kind,
    accept,
    checked: Boolean(checked),
    params: [...inPath, ...params.map(([, name]) => name)],
    order: order ? [...inPath, ...order.split(",")] : undefined,
    optional: params.filter(([, , mark]) => mark).map(([, name]) => name),
    wire: own(Object.fromEntries(params.filter(([, , , wire]) => wire).map(([, name, , wire]) => [name, wire]))),
  });
  const [, begin, each, end = ""] = /^([^{]*){?([^}]*)}?(.*)$/.exec(names);
  return each.split(",").map((middle) => begin + middle + end).map((name) => [name, Object.freeze({ ...common, name: prefix + name })]);
}
