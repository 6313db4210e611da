// Functions that act for their caller, end to end: the page with our SDK, the
// server, functions with the official node-appwrite and with our packages.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { FUNCTIONS, PATIENT, startGate, startService } from "./support/functions.mjs";
import { project, root } from "./support/isojot.mjs";
import { KEY } from "./support/suite.mjs";
import { bearer, browserSuite, endSessions, newJWT, newProfile, newSession, newUser, signOut } from "./support/tabs.mjs";

const require = createRequire(import.meta.url);
const { clientFromFunction } = require(`${root}js/dist/isojot.cjs`);

// A service at a URL, in this process: the server forwards calls to it.
const ends = [];
const service = await startService({ after: (end) => ends.push(end) }, async (request, response) => {
  const client = clientFromFunction(request, { endpoint: shared.isojot.endpoint, project });
  const answer = client.config.jwt ? await client.account.get() : { guest: true };
  response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
});
test.after(() => ends.forEach((end) => end()));

const shared = browserSuite(...FUNCTIONS, "--function", `service=${service}`);

/** Executes a function in a page, and reads the JSON that it answered. */
async function execute(page, functionId, params = {}) {
  const { value, error } = await page.evaluate((params) => attempt(client.functions.createExecution(params)), { functionId, ...params });
  assert.equal(error, undefined);
  return { status: value.status, code: value.responseStatusCode, body: JSON.parse(value.responseBody), logs: value.logs };
}

const accountOf = (page) => page.evaluate(() => account.get());

test("every kind of function sees the very account of the page's user, by session and by JWT", PATIENT, async (t) => {
  const user = await newUser(shared);
  const page = await (await newProfile(t, shared)).signedIn(user);
  const own = await accountOf(page);
  assert.equal(own.$id, user.userId);
  for (const lane of ["session", "JWT"]) {
    if (lane === "JWT") await page.evaluate(async () => client.setJWT((await account.createJWT()).jwt));
    for (const functionId of ["function-node", "function-go", "ours", "service"]) {
      const { status, code, body, logs } = await execute(page, functionId);
      assert.deepEqual([status, code, logs], ["completed", 200, ""], `${functionId} by ${lane}: ${JSON.stringify(body)}`);
      assert.deepEqual(body, own, `${functionId} by ${lane}`);
    }
  }
  assert.deepEqual(page.problems, []);
});

test("two users at once never see each other", PATIENT, async (t) => {
  const pages = await Promise.all(["alice", "bob"].map(async (name) => {
    const user = await newUser(shared, name);
    return { user, page: await (await newProfile(t, shared)).signedIn(user) };
  }));
  const calls = pages.flatMap(({ user, page }) => ["function-node", "function-go"].map(async (name) => [(await execute(page, name)).body.$id, user.userId]));
  for (const [saw, is] of await Promise.all(calls)) assert.equal(saw, is);
});

test("the token is the session's: made for it, forwarded for a JWT", PATIENT, async (t) => {
  const user = await newUser(shared);
  const page = await (await newProfile(t, shared)).signedIn(user);
  const session = await page.evaluate(() => account.getSession("current"));
  const { body: made } = await execute(page, "tell");
  assert.deepEqual([made.userId, made.variables], [user.userId, [made.jwt, user.userId]]);
  assert.equal(await bearer(shared, made.jwt), user.userId);
  const claims = JSON.parse(Buffer.from(made.jwt.split(".")[1], "base64url"));
  assert.deepEqual([claims.userId, claims.sessionId], [user.userId, session.$id]);
  for (const example of ["function-node", "function-go"]) {
    const { exp, ...who } = (await execute(page, example, { path: "/claims" })).body;
    assert.deepEqual(who, { userId: user.userId, sessionId: session.$id }, example);
    assert.equal(typeof exp, "number");
  }
  const own = await page.evaluate(async () => (await account.createJWT()).jwt);
  await page.evaluate((jwt) => client.setJWT(jwt), own);
  const { body: passed } = await execute(page, "tell");
  assert.deepEqual([passed.jwt, passed.variables[0]], [own, own]);
});

test("a guest's function gets an empty JWT, and so does an API key's", PATIENT, async (t) => {
  const page = await (await newProfile(t, shared)).tab();
  const { body } = await execute(page, "tell");
  assert.deepEqual([body.jwt, body.userId, body.variables], ["", "", ["", ""]]);
  for (const functionId of ["function-node", "function-go"]) {
    const { status, code, body } = await execute(page, functionId);
    assert.deepEqual([status, code, Object.keys(body)], ["completed", 401, ["message"]], functionId);
  }
  for (const functionId of ["ours", "service"]) assert.deepEqual((await execute(page, functionId)).body, { guest: true }, functionId);

  const sdk = require("node-appwrite");
  const byKey = new sdk.Client().setEndpoint(shared.isojot.endpoint).setProject(project).setKey(KEY);
  const execution = await new sdk.Functions(byKey).createExecution({ functionId: "tell" });
  const told = JSON.parse(execution.responseBody);
  assert.deepEqual([told.jwt, told.userId, told.variables], ["", "", ["", ""]]);
});

test("nobody can pass for another by the call's headers", PATIENT, async (t) => {
  const [user, victim] = [await newUser(shared), await newUser(shared, "victim")];
  const stolen = await newSession(shared, victim);
  const page = await (await newProfile(t, shared)).signedIn(user);
  const { error } = await page.evaluate(
    (userId) => attempt(client.functions.createExecution({ functionId: "tell", headers: { "x-appwrite-user-id": userId } })),
    victim.userId,
  );
  assert.deepEqual([error.code, error.type], [400, "general_argument_invalid"]);
  const url = `${shared.isojot.url}/_functions/${project}/tell/`;
  const told = await (await fetch(url, { headers: { "x-appwrite-user-id": victim.userId, "x-appwrite-user-jwt": await newJWT(shared, stolen) } })).json();
  assert.deepEqual([told.jwt, told.userId], ["", ""]);
});

for (const [how, end] of [
  ["the page signs out", (page) => signOut(page)],
  ["the session is ended from elsewhere", (page, user) => endSessions(shared, user)],
]) {
  test(`when ${how}, the function's JWT is refused, in the middle of its run and after`, PATIENT, async (t) => {
    const user = await newUser(shared);
    const profile = await newProfile(t, shared);
    const page = await profile.signedIn(user);
    const { jwt } = (await execute(page, "tell")).body;
    assert.equal(await bearer(shared, jwt), user.userId);

    const gate = await startGate(t);
    const running = execute(page, "wait", { body: gate.url });
    await gate.reached;
    await end(page, user);
    gate.open();
    const { status, code, body } = await running;
    assert.deepEqual([status, code], ["completed", 200]);
    assert.deepEqual(body, { before: user.userId, after: [401, "general_unauthorized_scope"] });
    await assert.rejects(bearer(shared, jwt), /answered 401/);

    // Who comes with the dead token is a guest, and so is the function.
    const late = await (await newProfile(t, shared)).tab();
    await late.evaluate((jwt) => client.setJWT(jwt), jwt);
    const told = (await execute(late, "tell")).body;
    assert.deepEqual([told.jwt, told.userId, told.variables], ["", "", ["", ""]]);
    const refused = await execute(late, "function-go");
    assert.equal(refused.code, 401);
  });
}
