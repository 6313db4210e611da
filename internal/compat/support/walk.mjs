// Calls every static method of a class, its constructor, and every method of
// the objects that these return, with arguments of all kinds, and writes down
// what came of each call, by a name for the call. Two classes that are the same
// have the same list.

const TEXT = "a\"b\\c/é\u0000\u001f\u00ad\u2028\ufeff\ud83d\ude00\ud800 \n\t";

// What a caller may hand over, made anew for each use.
const values = () => [
  TEXT, "", " ", "a", " padded ", "a.b/c%", "5", "NaN",
  0, -0, 1, 2.5, -1e-7, 1e21, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER,
  0n, 9007199254740993n, -123456789012345678901234567890n,
  true, false, null, undefined, Symbol("s"), () => "f",
  [], [[]], ["a", undefined, () => {}, Symbol("s"), null, 1n], [[1, [2, [3]]]], [NaN, -Infinity], [,], ["", 0, "0"],
  {}, { a: TEXT, u: undefined, f() {}, d: new Date(0), n: { n: [1n] } }, Object.create({ inherited: 1 }), { toString: () => "text" },
  { toJSON: (key) => `as ${key}` }, { valueOf: () => 7 }, new Date(86_400_000), new Date(NaN), new Map([[1, 2]]), new Uint8Array([1, 2]), /r/g,
];

// Queries as parts of another, from any package: they are text.
const PARTS = [
  '{"method":"equal","attribute":"a","values":["b",1,null,true,0.5]}', '{"method":"limit","values":[9007199254740993]}',
  '{"method":"equal","attribute":"big","values":[123456789012345678901234567890]}', '{"method":"or","values":[{"method":"isNull","attribute":"a"}]}',
  ' { "method" : "limit", "values": [ 9007199254740991 ] } ', '{"x":"9007199254740993","9007199254740993":-9007199254740993}', "{}", "[]", "null", "7",
];
const NO_PARTS = ["{", "a b", "undefined", '{"a":}', "[1,]"];

/** The lists of arguments that each method is called with. */
function argumentLists() {
  const alone = values().map((value) => [value]);
  const numbers = () => [0, -0, 1, -2.5, "3", null, undefined, NaN, Infinity, 1n];
  const pairs = numbers().flatMap((first) => numbers().map((second) => [first, second]));
  const parts = [PARTS, ...PARTS.map((part) => [part]), ...NO_PARTS.map((part) => [part]), [PARTS[0], 5, null], [{}]];
  return [
    [],
    ...alone,
    ...alone.flatMap(([value]) => [["a", value], [value, "a"], [["a"], value]]),
    ...alone.flatMap(([value]) => [["a", "b", value], ["a", [1, 2], value], ["a", [1, 2], 3, value], ["a", value, 3, false]]),
    ...pairs,
    ...parts.flatMap((list) => [[list], ["a", list]]),
    ["a", "b", "c", "d", "e"],
  ];
}

// Deeper down, where methods of methods are called, and how many.
const FEW = [[], ["a"], [" é . "], [null]];
const DEEP = 3;

/** Walks a class. `only` may leave out calls: it is given the member, such as "static equal", and the arguments. */
export function walk(type, only = () => true) {
  const trip = new Walk(only);
  const lists = argumentLists();
  for (const name of membersOf(type)) trip.member(type, name, lists);
  for (const args of lists) trip.attempt(`new(${show(args)})`, "new", args, () => new type(...args), lists);
  return trip;
}

const HIDDEN = ["length", "name", "prototype", "constructor"];
const membersOf = (object) => Reflect.ownKeys(object).filter((name) => !HIDDEN.includes(name));

class Walk {
  /** What came of each call, by the call as one would write it. */
  outcomes = new Map();
  /** The members of the class, as "static NAME", and those of the objects it makes, as "method NAME". */
  members = new Set();
  /** Those of them that returned at least once. */
  returned = new Set();
  #only;

  constructor(only) {
    this.#only = only;
  }

  /** Calls a static member with each list; of one that is no method, notes the value. */
  member(type, name, lists) {
    const member = `static ${String(name)}`;
    this.members.add(member);
    if (typeof type[name] !== "function") {
      this.returned.add(member);
      return this.outcomes.set(member, show(type[name]));
    }
    this.outcomes.set(`${member}.length`, type[name].length);
    for (const args of lists) this.attempt(`${member}(${show(args)})`, member, args, () => type[name](...args), lists);
  }

  attempt(call, member, args, make, lists, depth = 0) {
    if (!this.#only(member, args)) return;
    let result;
    try {
      result = make();
    } catch (error) {
      this.outcomes.set(call, refusal(error));
      return;
    }
    this.returned.add(member);
    this.outcomes.set(call, show(result));
    if (!isBuilt(result)) return;
    this.outcomes.set(`String(${call})`, attempted(() => `${result}`));
    if (args.length === 1 && args[0] === "a" && depth < DEEP) this.#methods(call, result, lists, depth + 1);
  }

  #methods(call, object, lists, depth) {
    const prototype = Object.getPrototypeOf(object);
    for (const name of membersOf(prototype)) {
      const member = `method ${String(name)}`;
      if (!this.#only(member, [])) continue;
      this.members.add(member);
      this.outcomes.set(`${member}.length`, prototype[name].length);
      for (const args of lists) this.attempt(`${call}.${String(name)}(${show(args)})`, member, args, () => object[name](...args), FEW, depth);
    }
  }
}

function attempted(make) {
  try {
    return show(make());
  } catch (error) {
    return refusal(error);
  }
}

// An object of a class of the package's, and none that was handed in.
function isBuilt(value) {
  const type = value?.constructor;
  return typeof value === "object" && value !== null && typeof type === "function" && !BUILT_IN.includes(type);
}

const BUILT_IN = [Object, Array, Date, Map, RegExp, Uint8Array];

// Native errors tell of the code that ran, and so only their kind is kept. The
// parser of the official packages throws an object like an error.
function refusal(error) {
  const { name, message } = error;
  return name === "Error" ? `throws Error: ${message}` : `throws ${name}`;
}

/** A text that differs where two values do. */
function show(value) {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${Array.from(value, show).join()}]`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  const members = Object.keys(value).map((key) => `${quoted(key)}:${show(value[key])}`);
  return `${isBuilt(value) ? "built" : value.constructor?.name}{${members.join()}}`;
}

const quoted = (text) => JSON.stringify(text);
