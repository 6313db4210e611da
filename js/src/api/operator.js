import { given } from "../shared/members.js";
import { named } from "../shared/named.js";

/** Makes the strings by which an update changes what a field holds, whatever that is. */
export const Operator = /* @__PURE__ */ defineOperator();

// A call, marked as pure, as in query.js.
function defineOperator() {
  class Operator {
    constructor(method, values) {
      this.method = method;
      if (values !== undefined) this.values = Array.isArray(values) ? values : [values];
    }

    // As JSON has it, which knows no BigInt: the official package refuses them here.
    toString() {
      return JSON.stringify({ method: this.method, values: given(this, "values") });
    }
  }
  const made = (method, values) => new Operator(method, values).toString();

  // A number, and the bound that the result is not to pass, if there is one.
  const arithmetic = (method, name, number, boundName, bound) => {
    checkFinite(name, number);
    if (bound !== undefined) checkFinite(boundName, bound);
    if (name === "Divisor" && number === 0) throw new Error("Divisor cannot be zero");
    return made(method, bound === undefined ? [number] : [number, bound]);
  };
  const kinds = [
    [["arrayUnique", "toggle", "dateSetNow"], (method) => () => made(method, [])],
    [["arrayAppend", "arrayPrepend", "arrayIntersect", "arrayDiff"], (method) => (values) => made(method, values)],
    [["arrayRemove", "stringConcat", "dateAddDays", "dateSubDays"], (method) => (value) => made(method, [value])],
    [["arrayInsert", "stringReplace"], (method) => (first, second) => made(method, [first, second])],
    [["arrayFilter"], (method) => (condition, value) => made(method, [condition, value === undefined ? null : value])],
  ];
  for (const [methods, kind] of kinds) {
    for (const method of methods) Operator[method] = kind(method);
  }
  return Object.assign(named("Operator", Operator), {
    increment: (value = 1, max) => arithmetic("increment", "Value", value, "Max", max),
    decrement: (value = 1, min) => arithmetic("decrement", "Value", value, "Min", min),
    multiply: (factor, max) => arithmetic("multiply", "Factor", factor, "Max", max),
    divide: (divisor, min) => arithmetic("divide", "Divisor", divisor, "Min", min),
    modulo: (divisor) => arithmetic("modulo", "Divisor", divisor),
    power: (exponent, max) => arithmetic("power", "Exponent", exponent, "Max", max),
  });
}

// What converts to a finite number passes, as in the official package: "5" too, and null.
function checkFinite(name, number) {
  if (!isFinite(number)) throw new Error(`${name} cannot be NaN or Infinity`);
}
