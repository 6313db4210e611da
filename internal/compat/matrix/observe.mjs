// Watches what a program leaves in the runtime around it: globals, lines on
// the console, rejections that nobody handles. It has to be imported before
// what it is to watch. For every runtime: it imports nothing.

const console = globalThis.console;
// What a program may change without a new name of the global object.
const SHARED = ["Object", "Function", "Array", "Promise", "Error", "Uint8Array", "Date", "JSON", "WebAssembly"];

/** A word in all that control() does. */
export const CONTROL = "isojotControl";

/** Begins to watch; `seen()` tells all since, `control()` whether it would have been told. */
export function observe() {
  const before = snapshot();
  const lines = [];
  const rejections = [];
  const original = replaceConsole(lines);
  onRejection((reason) => rejections.push(describe(reason)));
  const seen = () => ({ globals: changes(before, snapshot()), lines: [...lines], rejections: [...rejections] });
  return {
    /** What a host itself prints its results with. */
    print: original.log,

    seen: async () => {
      await turn();
      return seen();
    },

    /** Does each of what is watched for, and returns what of it was not seen. */
    control: async () => {
      globalThis[CONTROL] = 1;
      Array.prototype[CONTROL] = 1;
      globalThis.console.debug(CONTROL);
      Promise.reject(new Error(CONTROL));
      for (let i = 0; i < 200 && rejections.length === 0; i++) await turn();
      const { globals } = seen();
      delete globalThis[CONTROL];
      delete Array.prototype[CONTROL];
      const missed = [CONTROL, `Array.prototype.${CONTROL}`].filter((name) => !globals.includes(name));
      if (!lines.includes(`debug: ${CONTROL}`)) missed.push("a line");
      if (!rejections.some((text) => text.includes(CONTROL))) missed.push("a rejection");
      return missed;
    },
  };
}

/** The text of whatever was thrown. Not every engine has the message in the stack. */
export function describe(error) {
  const stack = String(error?.stack ?? "");
  return stack.includes(error?.message) ? stack : `${error}\n${stack}`;
}

// Rejections are reported between tasks, by some runtimes a few later.
async function turn() {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

function replaceConsole(lines) {
  const original = {};
  for (const name of Object.getOwnPropertyNames(console)) {
    if (typeof console[name] !== "function") continue;
    original[name] = console[name].bind(console);
    console[name] = (...args) => void lines.push(`${name}: ${args.map(String).join(" ")}`);
  }
  return original;
}

// By both ways of hearing it: which of the two a runtime has by that name says
// nothing of which it tells.
function onRejection(tell) {
  globalThis.process?.on?.("unhandledRejection", tell);
  globalThis.addEventListener?.("unhandledrejection", (event) => {
    event.preventDefault(); // ends the process in Deno
    tell(event.reason);
  });
}

// Every property of the global object and of what all share, by value where it
// has one: a name that is replaced counts, too. Runtimes make some of theirs
// when they are first read: those are getters until then.
function snapshot() {
  const all = new Map();
  const add = (object, prefix) => {
    for (const key of Reflect.ownKeys(object)) all.set(prefix + String(key), Object.getOwnPropertyDescriptor(object, key));
  };
  add(globalThis, "");
  for (const name of SHARED) {
    add(globalThis[name], `${name}.`);
    if (globalThis[name].prototype) add(globalThis[name].prototype, `${name}.prototype.`);
  }
  return all;
}

function changes(before, now) {
  const replaced = (name) => "value" in before.get(name) && !Object.is(before.get(name).value, now.get(name).value);
  const added = [...now.keys()].filter((name) => !before.has(name) || replaced(name));
  const removed = [...before.keys()].filter((name) => !now.has(name)).map((name) => `${name} (removed)`);
  return [...added, ...removed];
}
