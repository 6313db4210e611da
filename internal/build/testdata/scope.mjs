// Runs a Go program through the wrapped runtime inside a context that has the
// language's own objects and nothing of a host: a bare `fs`, `performance` or
// `setTimeout` that was not turned into a property of the scope is a
// ReferenceError here. Prints what it saw as JSON.
import { readFile } from "node:fs/promises";
import vm from "node:vm";

const [script, wasm] = process.argv.slice(2);
const context = vm.createContext();
const inside = (source) => vm.runInContext(source, context);
inside("delete globalThis.console"); // V8 brings one along
const names = () => Object.getOwnPropertyNames(inside("globalThis"));
const before = names();

const makeGo = inside(`(() => { ${await readFile(script, "utf8")}; return wrapped.default })()`);
const instantiate = inside("(bytes, imports) => WebAssembly.instantiate(bytes, imports)");
const makeScope = inside(`(host, millis) => ({
  Object, Array, Uint8Array, Error, ...host,
  Date: class extends Date {
    constructor() { super(millis); }
    static now() { return millis; }
  },
})`);

const lines = [];
const thisCalls = [];
// A page's timers refuse any other `this` than the page itself.
const bare = (name, fn) => function (...args) {
  if (this !== undefined) thisCalls.push(name);
  return fn(...args);
};
const host = {
  crypto, TextEncoder, TextDecoder,
  performance,
  console: { log: (line) => lines.push(line), warn: (line) => lines.push(line) },
  setTimeout: bare("setTimeout", setTimeout),
  clearTimeout: bare("clearTimeout", clearTimeout),
};

const bytes = await readFile(wasm);
async function run(millis) {
  const scope = makeScope(host, millis);
  const Go = makeGo(scope);
  const go = new Go();
  const { instance } = await instantiate(bytes, go.importObject);
  await go.run(instance);
  return scope.seen;
}

const times = await Promise.all([run(1_000_000), run(2_000_000)]);
console.log(JSON.stringify({ lines, times, thisCalls, leaked: names().filter((name) => !before.includes(name)) }));
