// What is left when calls are over, in Node: nothing that keeps the process,
// and nothing that grows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram } from "./support/program.mjs";
import { suite } from "./support/suite.mjs";
import { newSession, newUser } from "./support/tabs.mjs";

const shared = suite();

const run = async (name, ...args) => runProgram(name, shared.isojot, await newSession(shared, await newUser(shared)), ...args);

for (const [way, name, changes] of [
  ["nothing", "has a living token", []],
  ["subscribed", "still listens for changes", []],
  ["unsubscribed", "no longer listens for changes", ["signed-in"]],
  ["aborted", "has aborted a call", ["AbortError"]],
]) {
  test(`a program that ${name} ends by itself`, async (t) => {
    const { end, printed } = await run("onetoken.mjs", way);
    assert.deepEqual([end.code, end.signal, end.stderr], [0, null, ""]);
    assert.equal(printed.held, printed.jwt);
    assert.deepEqual(printed.changes, changes);
    t.diagnostic(`it ended ${end.at - printed.at} ms after its last line`);
  });
}

test("10,000 calls on one client leave nothing behind", async (t) => {
  const { end, printed } = await run("manycalls.mjs");
  assert.deepEqual([end.code, end.signal, end.stderr], [0, null, ""]);
  const { outcomes, samples, programs, listeners, after } = printed;
  assert.deepEqual([outcomes.token, outcomes.user, outcomes.made + outcomes.aborted, programs], [4000, 3000, 3000, 1]);
  assert.ok(outcomes.aborted > 1000, `only ${outcomes.aborted} were aborted`);
  assert.deepEqual([listeners, after], [1, 0], "listeners on the signal of 7,000 calls");

  const [early, last] = [samples[2], samples.at(-1)];
  t.diagnostic(`after 3,000 calls ${JSON.stringify(early)}, after 10,000 ${JSON.stringify(last)}`);
  // One that stayed for each call would be 7,000 more.
  assert.ok(last.slots - early.slots < 3500, "values that Go holds");
  assert.ok(last.memory - early.memory < 2 ** 21, "Go's memory, with its goroutines and functions");
  assert.ok(samples.every(({ timeouts, pending }) => timeouts < 10 && pending === null));
});
