import assert from "node:assert/strict";
import { test } from "node:test";

import { clockOf } from "../src/engine/clock.js";
import { newMirror } from "../src/engine/mirror.js";
import { deferred, operations, TOKEN } from "./support.mjs";

const PUSHED = { generation: 0, ...TOKEN, freshFor: 1000, liveFor: 5000 };

// A mirror that holds a token, and the two clocks to move.
function setUp(pushed = PUSHED) {
  const time = { wall: 1e12, elapsed: 7 };
  const run = { over: false, clock: () => [time.wall, time.elapsed] };
  const mirror = newMirror();
  mirror.put(pushed, run);
  return { mirror, run, time };
}

const state = (mirror) => [mirror.fresh()?.jwt, mirror.living()?.jwt];

test("a token is fresh, then alive, then gone, by whichever clock says so first", () => {
  for (const clock of ["wall", "elapsed"]) {
    const { mirror, time } = setUp();
    assert.deepEqual(mirror.fresh(), TOKEN);
    time[clock] += 999;
    assert.deepEqual(state(mirror), ["a.b.c", "a.b.c"]);
    time[clock] += 1;
    assert.deepEqual(state(mirror), [undefined, "a.b.c"]);
    time[clock] += 4000;
    assert.deepEqual(state(mirror), [undefined, undefined]);
  }
});

test("a clock that is set back makes no token live longer", () => {
  const { mirror, time } = setUp();
  time.wall -= 3_600_000;
  assert.deepEqual(state(mirror), ["a.b.c", "a.b.c"]);
  time.elapsed += 5000;
  assert.deepEqual(state(mirror), [undefined, undefined]);
});

test("the token is frozen and holds nothing else", () => {
  const token = setUp().mirror.fresh();
  assert.deepEqual(Object.keys(token), ["jwt", "userId", "sessionId", "expiresAt"]);
  assert.ok(Object.isFrozen(token));
});

test("a push without a token takes it away", () => {
  const { mirror, run } = setUp();
  mirror.put({ generation: 0 }, run);
  assert.deepEqual(state(mirror), [undefined, undefined]);
});

test("a reset forgets the token, and what is pushed for an earlier generation", () => {
  const { mirror, run } = setUp();
  mirror.reset();
  assert.deepEqual([mirror.generation(), mirror.living()], [1, null]);
  mirror.put(PUSHED, run);
  assert.equal(mirror.living(), null);
  mirror.put({ ...PUSHED, generation: 1 }, run);
  mirror.put({ generation: 0 }, run);
  assert.equal(mirror.living().jwt, "a.b.c");
});

test("a token ends with the program's run, and a run that is over tells nothing", () => {
  const { mirror, run } = setUp();
  run.over = true;
  assert.deepEqual(state(mirror), [undefined, undefined]);
  const next = { ...run, over: false };
  mirror.put(PUSHED, next);
  mirror.put({ generation: 0 }, run);
  assert.equal(mirror.fresh().jwt, "a.b.c");
});

test("signing in and out forget the token before they are sent", async () => {
  const names = ["createAnonymousSession", "createEmailPasswordSession", "createSession", "delete", "deleteSessions", "updateStatus"];
  for (const name of names) {
    const { mirror } = setUp();
    const seen = [];
    await mirror.sending(operations[`account.${name}`], {}, async () => seen.push(mirror.living()));
    assert.deepEqual(seen, [null], name);
  }
  const { mirror } = setUp();
  await mirror.sending(operations["teams.updateMembershipStatus"], {}, async () => assert.equal(mirror.living(), null, "who accepts an invitation may be signed in by it"));
});

test("other calls leave it", async () => {
  const { mirror } = setUp();
  for (const name of ["get", "create", "createJWT", "updatePassword", "updateSession"]) await mirror.sending(operations[`account.${name}`], {}, async () => {});
  assert.equal(mirror.living().jwt, "a.b.c");
});

test("the end of a session that is known to be another leaves it", async () => {
  const afterEnd = async (sessionId, own = "s") => {
    const { mirror } = setUp({ ...PUSHED, sessionId: own });
    await mirror.sending(operations["account.deleteSession"], { path: { sessionId } }, async () => {});
    return mirror.living() === null;
  };
  assert.deepEqual([await afterEnd("current"), await afterEnd("s"), await afterEnd("other"), await afterEnd("other", "")], [true, true, false, true]);
});

test("a token that comes while a sign-out is under way is not taken; a later one is", async () => {
  const { mirror, run } = setUp();
  const answer = deferred();
  const ending = mirror.sending(operations["account.deleteSessions"], {}, () => answer.promise);
  mirror.put(PUSHED, run);
  assert.equal(mirror.living(), null);
  answer.reject(new Error("offline"));
  await assert.rejects(ending, /offline/);
  mirror.put(PUSHED, run);
  assert.equal(mirror.living().jwt, "a.b.c");
});

test("the clocks are the scope's, else the platform's", () => {
  const global = { Date: { now: () => 1 }, performance: { now: () => 2 } };
  assert.deepEqual(clockOf(global, {})(), [1, 2]);
  assert.deepEqual(clockOf(global, { now: () => 3, performance: { now: () => 4 } })(), [3, 4]);
});
