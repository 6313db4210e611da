import assert from "node:assert/strict";
import { test } from "node:test";

import { checkedOptions, sameOptions } from "../src/shared/options.js";
import { privateScope } from "../src/engine/scope.js";
import { newTimers } from "../src/engine/timers.js";

const noTimers = newTimers(() => undefined, () => undefined);

test("the scope holds what Go needs and nothing else of the page", () => {
  const scope = privateScope({ ...globalThis, Date, Object, JSON, secretOfThePage: 1 }, {}, noTimers);
  assert.equal("secretOfThePage" in scope, false);
  for (const name of ["Object", "Date", "fetch", "setTimeout", "clearTimeout"]) assert.ok(scope[name], name);
});

test("storages and channels are looked up when Go does, and not before", () => {
  const looked = [];
  const page = {};
  const names = ["localStorage", "sessionStorage", "BroadcastChannel"];
  for (const name of names) Object.defineProperty(page, name, { get: () => looked.push(name) && `the ${name}` });
  const scope = privateScope(page, {}, noTimers);
  assert.deepEqual(looked, []);
  for (const name of names) assert.equal(scope[name], `the ${name}`);
  assert.deepEqual(looked, names);
});

test("what tells Go whether there are cookies is there where the platform has it", () => {
  const marks = ["document", "WorkerGlobalScope", "navigator"];
  for (const mark of marks) {
    const scope = privateScope({ [mark]: { userAgent: "a name" } }, {}, noTimers);
    assert.deepEqual(marks.filter((name) => name in scope), [mark]);
  }
});

test("a blocked storage is an absent one", () => {
  for (const name of ["localStorage", "sessionStorage"]) {
    const page = {
      document: {},
      get [name]() {
        throw new DOMException("denied", "SecurityError");
      },
    };
    assert.equal(privateScope(page, {}, noTimers)[name], undefined);
  }
});

test("fetch is called on the real global, as it is at the moment", () => {
  const page = { fetch: () => "old" };
  const scope = privateScope(page, {}, noTimers);
  page.fetch = function (...args) {
    return [this === page, ...args];
  };
  assert.deepEqual(scope.fetch("url", { method: "GET" }), [true, "url", { __proto__: null, method: "GET" }]);
});

test("now moves the scope's Date and leaves the rest of it alone", () => {
  let now = 1000;
  const scope = privateScope({ Date }, { now: () => now }, noTimers);
  assert.equal(scope.Date.now(), 1000);
  now = 2000;
  assert.equal(new scope.Date().getTime(), 2000);
  assert.equal(new scope.Date(5).getTime(), 5);
  assert.equal(new scope.Date(2020, 0, 2).getDate(), 2);
  assert.ok(new scope.Date() instanceof Date);
  assert.notEqual(Date.now(), 2000);
});

test("performance, fetch and timers can be replaced", () => {
  const scope = checkedOptions({ scope: { performance: { now: () => 7 }, setTimeout: () => 9, clearTimeout() {}, fetch: () => "mine" } }).scope;
  const built = privateScope({ fetch: () => "page's" }, scope, newTimers(scope.setTimeout, scope.clearTimeout));
  assert.deepEqual([built.performance.now(), built.fetch(), built.setTimeout(() => {}, 1)], [7, "mine", 9]);
});

test("timers fire, are cleared, and end with the program", () => {
  const fired = [];
  const pending = new Map();
  const timers = newTimers((callback, ms) => (pending.set(ms, callback), ms), (id) => pending.delete(id));
  for (const ms of [1, 2, 3]) timers.set(() => fired.push(ms), ms);
  pending.get(1)();
  timers.clear(2);
  assert.deepEqual([fired, [...pending.keys()].includes(2)], [[1], false]);
  const late = pending.get(3);
  timers.stop();
  late();
  assert.equal(timers.set(() => fired.push(4), 4), undefined);
  assert.deepEqual([fired, pending.has(3), pending.has(4)], [[1], false, false]);
});

test("timers hold a Node process only while a call is in flight", () => {
  const timers = newTimers(setTimeout, clearTimeout);
  const first = timers.set(() => {}, 1e6);
  assert.equal(first.hasRef(), false);
  timers.hold(true);
  const second = timers.set(() => {}, 1e6);
  assert.deepEqual([first.hasRef(), second.hasRef()], [true, true]);
  timers.hold(false);
  assert.deepEqual([first.hasRef(), second.hasRef()], [false, false]);
  timers.stop();
});

test("bad options are named, with what would be right", () => {
  const cases = [
    [null, /takes an object/],
    [{ wasmUrl: "x" }, /no option "wasmUrl": it takes wasmURL/],
    [{ wasmURL: "" }, /wasmURL must be/],
    [{ wasmURL: 1 }, /wasmURL must be/],
    [{ wasmModule: {} }, /WebAssembly\.Module/],
    [{ wasmURL: "x", wasmModule: {} }, /not both/],
    [{ scope: { Date } }, /no option "Date": it takes now/],
    [{ scope: { now: 1 } }, /scope\.now must be a function/],
    [{ scope: { performance: {} } }, /now\(\)/],
    [{ scope: { performance } }, /performance, setTimeout, clearTimeout together/],
  ];
  for (const [options, message] of cases) {
    assert.throws(() => checkedOptions(options), (error) => error.type === "client_invalid_argument" && message.test(error.message));
  }
});

test("options are the same by what they hold", () => {
  const now = () => 0;
  const same = (a, b) => sameOptions(checkedOptions(a), checkedOptions(b));
  assert.ok(same({}, { scope: {} }));
  assert.ok(same({ wasmURL: "https://a/b" }, { wasmURL: new URL("https://a/b") }));
  assert.ok(same({ scope: { now } }, { scope: { now } }));
  assert.equal(same({ scope: { now } }, { scope: { now: () => 0 } }), false);
  assert.equal(same({ wasmURL: "/a" }, { wasmURL: "/b" }), false);
  assert.equal(same({}, { wasmURL: "/b" }), false);
});
