import { given } from "./members.js";

// JSON as the official package reads and writes it: whole numbers that a
// JavaScript number would round are BigInts.

// 2^53 - 1 and 2^63, as numbers: a bundler could not drop what computes them.
import { newMark } from "./mark.js";

const MAX_SAFE = 9007199254740991;
const INT64 = 9223372036854775808n;

// No number of fewer characters is longer than a JavaScript number can hold.
// What is no number (a date, hexadecimal digits) may match too, which costs
// time and nothing else.
const LONG = /\d[\d.eE+-]{15}/;
const TOKEN = /"|-?\d[\d.eE+-]*/g;
// Which the official package takes for zero without a sign.
const LONG_ZERO = /^-[0.]+(?:[eE]|$)/;
const PARTS = /^(-?)(\d+)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/**
 * Parses JSON. Whole numbers from 2^53 on that fit in 64 bits and are written
 * with more than 15 characters become BigInts; `unbounded` lets larger ones be
 * such too. Throws a SyntaxError.
 */
export function parseJSON(text, { unbounded = false } = {}) {
  const value = JSON.parse(text);
  return LONG.test(text) ? parseExactly(text, unbounded, value) : value;
}

// Has JSON.parse() read a marked string in the place of each such number. The
// mark is random, so that no string of the text can pass for one.
function parseExactly(text, unbounded, rounded) {
  const mark = `${newMark()}:`;
  const marked = replaceNumbers(text, (literal) => {
    if (literal.length <= 15) return literal;
    if (LONG_ZERO.test(literal)) return literal.slice(1);
    const exact = bigIntOf(literal, unbounded);
    return exact === undefined ? literal : `"${mark}${exact}"`;
  });
  if (marked === text) return rounded;
  const revive = (key, value) => (typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value);
  return JSON.parse(marked, revive);
}

// Replaces the numbers of a text that is known to be JSON, outside its strings.
function replaceNumbers(text, replace) {
  const token = new RegExp(TOKEN); // it has a place in the text
  let [out, from] = ["", 0];
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '"') {
      token.lastIndex = endOfString(text, match.index);
      continue;
    }
    out += text.slice(from, match.index) + replace(match[0]);
    from = token.lastIndex;
  }
  return out + text.slice(from);
}

// A quote is the string's end unless an odd number of backslashes is before it.
function endOfString(text, start) {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

// The exact value of a number that is whole and that a JavaScript number may
// not hold; undefined of any other.
function bigIntOf(literal, unbounded) {
  const rounded = Number(literal);
  if (Math.abs(rounded) <= MAX_SAFE || !Number.isFinite(rounded)) return undefined;
  if (!unbounded && Math.abs(rounded) > Number(INT64)) return undefined;
  const [, sign, whole, fraction, exponent = "0"] = PARTS.exec(literal);
  const places = Number(exponent) - fraction.length;
  const digits = whole + fraction;
  if (places < 0 && !/^0*$/.test(digits.slice(places))) return undefined;
  const magnitude = places < 0 ? BigInt(digits.slice(0, places)) : BigInt(digits) * 10n ** BigInt(places);
  const exact = sign ? -magnitude : magnitude;
  return unbounded || (exact >= -INT64 && exact < INT64) ? exact : undefined;
}

// What the official package writes as \u and four digits in strings.
const ESCAPED =
  /[\\"\x00-\x1f\x7f-\x9f\u00ad\u0600-\u0604\u070f\u17b4\u17b5\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/g;

/**
 * Writes a value as JSON, a BigInt as a number. undefined, functions and
 * symbols are left out of objects and null in arrays, as in JSON.stringify();
 * they give undefined. Throws a TypeError if the value contains itself.
 */
export function stringifyJSON(value) {
  return write({ "": value }, "", new Set());
}

function write(holder, key, within) {
  let value = holder[key];
  if (value && typeof value === "object" && typeof given(value, "toJSON") === "function") value = value.toJSON(key);
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return Number.isFinite(value) ? String(value) : "null";
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      return value === null ? "null" : writeObject(value, within);
  }
}

function writeObject(value, within) {
  if (within.has(value)) throw new TypeError("it is circular: an object contains itself");
  within.add(value);
  const text = Array.isArray(value)
    ? `[${Array.from(value, (_, i) => write(value, i, within) ?? "null").join()}]`
    : `{${Object.keys(value).flatMap((key) => member(value, key, within)).join()}}`;
  within.delete(value);
  return text;
}

function member(object, key, within) {
  const text = write(object, key, within);
  return text === undefined ? [] : [`${quote(key)}:${text}`];
}

function quote(string) {
  return `"${string.replace(ESCAPED, escaped)}"`;
}

function escaped(char) {
  const standard = JSON.stringify(char).slice(1, -1);
  return standard === char ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}` : standard;
}
