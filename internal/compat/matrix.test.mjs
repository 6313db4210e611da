// The packed package in every runtime that `make test` has: one list of checks
// (matrix/behaviour.mjs) in Node and in three browser engines. Bun, Deno and
// Workers are in runtimes/.
import { test } from "node:test";
import { engines } from "./support/engines.mjs";
import { matrixSuite, notTested, runProcess } from "./support/matrix.mjs";
import { forbidden, runForbidden, runInBrowser, ways } from "./support/webrun.mjs";

const shared = matrixSuite();
const node = process.versions.node;

test("Node, ESM", (t) => runProcess(t, shared, "Node ESM", node, process.execPath, [], "process.mjs"));
test("Node, CommonJS", (t) => runProcess(t, shared, "Node CommonJS", node, process.execPath, [], "process.cjs"));

for (const [name, { start, absent }] of Object.entries(engines)) {
  test(name, async (t) => {
    if (absent) return notTested(t, name, absent);
    const browser = await start(t);
    for (const way of Object.keys(ways)) await t.test(way, (t) => runInBrowser(t, shared, name, browser, way));
    for (const what of Object.keys(forbidden)) await t.test(`a policy that forbids ${what} is told with the fix`, (t) => runForbidden(t, shared, browser, what));
  });
}
