// The arguments that an operation is tried with, made of what is known of it:
// its service and name, and its parameters' names, types as TypeScript writes
// them, places in the request, and which are optional.

/**
 * Returns the sets of arguments to call an operation with: each has a label,
 * the `form` (object or positions), and args(), which makes them anew.
 *
 * `enums` has the enums by name, as a package exports them; `file` makes a small
 * file, of whatever kind the package takes.
 */
export function argumentSets(operation, { enums = {}, file = smallFile } = {}) {
  const kinds = new Map(operation.params.map(({ name, type }) => [name, kindOf(type, enums)]));
  const maker = { operation, kinds, file };
  return [...ordinary(maker), ...variants(maker), ...absent(maker)];
}

/** Whether a parameter is of a type that an object may be taken for, so that one that stands first may be it or hold it. */
export const mayBeObject = ({ type }) => !/^(string|number|boolean)\b/.test(type) && !type.endsWith("[]");

const smallFile = () => new File(["a small file\n"], "small.txt", { type: "text/plain" });

const isRequired = (param) => !param.optional;
const named = (params, valueOf) => Object.fromEntries(params.map((param) => [param.name, valueOf(param)]));

// What a type takes: its plain value, and others to try. A list is of a kind too.
function kindOf(type, enums) {
  if (type.endsWith("[]")) return list(kindOf(type.slice(0, -2), enums));
  const known = KINDS[type];
  if (known) return known;
  if (/^(Partial<|(Document|Row|Preferences) extends )/.test(type)) return KINDS.object;
  if (/^[A-Z]\w*$/.test(type)) return enumOf(type, enums[type]);
  throw new Error(`arguments.mjs knows no values of the type ${type}: say there which there are`);
}

const UNICODE = "é 日本 \u{1f600} \u0000 %2F/?#&=+;:'\"\\ $& $1 {userId} ..";
const BIG = 9007199254740993n;
const NESTED = () => ({ deep: [{ text: UNICODE, list: [1, [2, [null]]], none: null, not: undefined, big: BIG, yes: true }], empty: {}, "a[b]": [] });

const KINDS = {
  string: { plain: (name) => `the-${name}`, unicode: () => UNICODE, empty: () => "", wrong: () => 5 },
  number: { plain: () => 7, empty: () => 0, big: () => Number.MAX_SAFE_INTEGER, fraction: () => -0.25, wrong: () => "7" },
  "number | bigint": { plain: () => 7, empty: () => 0n, big: () => BIG, fraction: () => -0.25, wrong: () => "7" },
  boolean: { plain: () => true, empty: () => false, wrong: () => "true" },
  object: { plain: () => ({ a: 1 }), unicode: () => ({ [UNICODE]: UNICODE }), empty: () => ({}), big: () => ({ big: BIG, huge: -(BIG ** 2n) }), nested: NESTED },
  any: { plain: () => "anything", unicode: () => UNICODE, empty: () => null, big: () => BIG, nested: NESTED },
  File: { isFile: true },
  "File | InputFile": { isFile: true },
};

function list(element) {
  const kind = { plain: (name) => [element.plain(name), element.plain(`${name}2`)], empty: () => [], wrong: (name) => element.plain(name) };
  for (const variant of ["unicode", "big", "fraction", "nested"]) {
    if (element[variant]) kind[variant] = (name) => [element[variant](name), element.plain(name)];
  }
  return kind;
}

// Where the package exports no such enum, a text will do: none is checked.
function enumOf(type, values) {
  const [first = `a-${type}`] = Object.values(values ?? {});
  return { plain: () => first, unicode: () => UNICODE, empty: () => "" };
}

class Sets {
  #maker;

  constructor(maker) {
    this.#maker = maker;
  }

  value({ name }, variant = "plain") {
    const { kinds, file } = this.#maker;
    const kind = kinds.get(name);
    if (kind.isFile) return file();
    return (kind[variant] ?? kind.plain)(name);
  }

  /** Both forms of some parameters; what valueOf() gives none of is left out of the object's, and undefined in the other. */
  both(label, params, valueOf) {
    return [this.object(label, params, valueOf), this.positions(label, params, valueOf)];
  }

  object(label, params, valueOf) {
    const { operation } = this.#maker;
    const made = () => [{ ...named(params, valueOf), ...(operation.progress && { onProgress() {} }) }];
    return set(`object: ${label}`, "object", made);
  }

  // Up to the last parameter that is given.
  positions(label, params, valueOf) {
    const { operation } = this.#maker;
    const made = () => {
      const all = operation.params.map((param) => (params.includes(param) ? valueOf(param) : undefined));
      const last = operation.params.findLastIndex((param) => params.includes(param));
      return operation.progress && last === all.length - 1 ? [...all, () => {}] : all.slice(0, last + 1);
    };
    return set(`positions: ${label}`, "positions", made);
  }
}

const set = (label, form, args) => ({ label, form, args });

function ordinary(maker) {
  const { params, progress } = maker.operation;
  const sets = new Sets(maker);
  const value = (param) => sets.value(param);
  if (params.length === 0) return [set("nothing", "positions", () => []), set("more than asked for", "positions", () => ["more"])];
  const extra = () => [{ ...named(params, value), unknown: "more", toString: "more" }];
  const made = [...sets.both("all", params, value), set("object: more than asked for", "object", extra)];
  if (!progress) made.push(set("positions: more than asked for", "positions", () => [...params.map(value), "more"]));
  if (params.every(isRequired)) return made;
  made.push(...sets.both("required ones alone", params.filter(isRequired), value));
  if (!params.some(isRequired)) made.push(set("nothing", "positions", () => []), set("undefined", "positions", () => [undefined]));
  return made;
}

// One parameter's value is another's trouble only where all are of the variant,
// so that each variant is tried with all at once.
function variants(maker) {
  const { params } = maker.operation;
  const sets = new Sets(maker);
  const inPath = (param) => param.in === "path";
  const made = ["unicode", "big", "fraction", "nested", "wrong"].flatMap((variant) => varied(maker, variant, variant, () => true));
  // A package may refuse an id that is empty, before all else.
  made.push(...varied(maker, "empty", "empty in the path", inPath), ...varied(maker, "empty", "empty", (param) => !inPath(param)));
  const optional = params.filter((param) => param.optional);
  if (optional.length > 0) {
    for (const [label, nothing] of [["null", null], ["undefined", undefined]]) {
      const valueOf = (param) => (param.optional ? nothing : sets.value(param));
      made.push(...sets.both(`optional ones ${label}`, params, valueOf));
    }
  }
  // Each optional one by itself, among those that must be there.
  for (const one of optional.length > 1 ? optional : []) {
    made.push(...sets.both(`of the optional ones ${one.name}`, params.filter((param) => isRequired(param) || param === one), (param) => sets.value(param)));
  }
  return [...made, ...ownName(maker, sets)];
}

function varied(maker, variant, label, isVaried) {
  const { params } = maker.operation;
  const sets = new Sets(maker);
  const chosen = params.filter((param) => isVaried(param) && maker.kinds.get(param.name)[variant]);
  return chosen.length === 0 ? [] : sets.both(label, params, (param) => sets.value(param, chosen.includes(param) ? variant : "plain"));
}

function ownName({ operation: { params } }, sets) {
  const [first] = params;
  if (!first || !mayBeObject(first)) return [];
  const holder = { [first.name]: { inner: 1 }, other: 2 };
  return [sets.positions("an object with the parameter's name", params, (param) => (param === first ? holder : sets.value(param)))];
}

// Each required one left out, undefined and null.
function absent(maker) {
  const { params } = maker.operation;
  const sets = new Sets(maker);
  return params.filter(isRequired).flatMap((one) => {
    const but = (nothing) => (param) => (param === one ? nothing : sets.value(param));
    const rest = params.filter((param) => param !== one);
    return [
      ...sets.both(`without ${one.name}`, rest, (param) => sets.value(param)),
      ...sets.both(`${one.name} undefined`, params, but(undefined)),
      ...sets.both(`${one.name} null`, params, but(null)),
    ];
  });
}
