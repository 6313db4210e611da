// One script that executes functions, two SDKs: the official appwrite 28 and
// ours, only the import changed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { newPage } from "./support/chromium.mjs";
import { PATIENT } from "./support/functions.mjs";
import { project, root } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";
import { browserSuite, newJWT, newSession, newUser } from "./support/tabs.mjs";

const require = createRequire(import.meta.url);
const SDKS = [["official", "Appwrite"], ["ours", "isojot"]];
const members = ["--function", "members=command:cat", "--function-role", "members=user:nobody"];
const shared = browserSuite("--function", "echo=command:cat", ...members);

/** What is another in each execution, and whose it is. */
const OWN = ["$createdAt", "$updatedAt", "duration", "scheduledAt"];

/** The result without what is each execution's own; that it is there, counts. */
function anonymised(result) {
  const text = JSON.stringify(result, (name, value) => (OWN.includes(name) && value !== null ? typeof value : value));
  return JSON.parse(text.replaceAll(/user-\d+/g, "somebody").replaceAll(/"[0-9a-f]{20}"/g, '"an id"'));
}

/** Runs the script in a page of its own for each SDK, as who `credentials` makes. */
async function bothInChromium(t, credentials) {
  const pages = await startPages(t, {
    "/official.html": html("/official/sdk.js", "/shared/functions.js"),
    "/ours.html": html("/sdk/isojot.js", "/shared/functions.js"),
  });
  const results = {};
  for (const [name, global] of SDKS) {
    const page = await newPage(shared.browser);
    await page.goto(`${pages}/${name}.html`);
    results[name] = await page.evaluate(
      ([global, ...args]) => functionsScript(globalThis[global], ...args),
      [global, shared.isojot.endpoint, project, await credentials()],
    );
    if (name === "ours") assert.deepEqual(page.problems, []); // the official one warns of localStorage
    await page.context().close();
  }
  return results;
}

const jwt = async () => ({ jwt: await newJWT(shared, await newSession(shared, await newUser(shared))) });

for (const [who, credentials] of [["by session", () => newUser(shared)], ["by JWT", jwt], ["as a guest", () => ({})]]) {
  test(`in Chromium ${who}, executions and refusals are deeply equal`, PATIENT, async (t) => {
    const { official, ours } = await bothInChromium(t, credentials);
    assert.deepEqual(anonymised(ours), anonymised(official));
    checkResult(official, who);
  });
}

/** Holds that what is equal is also right. */
function checkResult({ created, plain, positional, later, refusals, synchronous, read, list, scheduled, ended }, who) {
  assert.deepEqual(
    [created.status, created.responseStatusCode, created.responseBody, created.requestMethod, created.requestPath, created.resourceId],
    ["completed", 200, "hello é", "PUT", "/a/b?c=d", "echo"],
  );
  assert.deepEqual(created.responseHeaders.at(-1), { name: "x-appwrite-execution-id", value: created.$id });
  assert.deepEqual([plain.requestMethod, plain.requestPath, plain.responseBody, positional.requestMethod], ["POST", "/", "", "PATCH"]);
  assert.equal(later.status, "waiting");
  const types = Object.fromEntries(Object.entries(refusals).map(([name, { code, type, exception }]) => [name, [code, type, exception]]));
  assert.deepEqual(types, {
    unknown: [404, "function_not_found", true],
    users: [401, "user_unauthorized", true],
    method: [400, "general_argument_invalid", true],
    header: [400, "general_argument_invalid", true],
    noExecution: who === "as a guest" ? [401, "general_unauthorized_scope", true] : [404, "execution_not_found", true],
  });
  assert.match(synchronous.message, /"functionId"/);
  if (who === "as a guest") {
    assert.deepEqual([read.type, list.type], ["general_unauthorized_scope", "general_unauthorized_scope"]);
    return;
  }
  const { value } = read;
  assert.deepEqual([value.$id, value.responseBody, value.logs], [created.$id, "", ""]);
  assert.deepEqual(list.value.executions.map(({ $id }) => $id), [created.$id, positional.$id]);
  assert.deepEqual([scheduled.status, ended.status, ended.$id], ["scheduled", "completed", later.$id]);
}

test("in Node by session, with node-appwrite and ours", PATIENT, async () => {
  const results = [];
  for (const sdk of [require("node-appwrite"), require(`${root}js/dist/isojot.cjs`)]) {
    const { secret } = await newSession(shared, await newUser(shared));
    const functions = new sdk.Functions(new sdk.Client().setEndpoint(shared.isojot.endpoint).setProject(project).setSession(secret));
    const created = await functions.createExecution({ functionId: "echo", body: "from Node", xpath: "/n", path: "/n", method: "PATCH" });
    const read = await functions.getExecution({ functionId: "echo", executionId: created.$id });
    const list = await functions.listExecutions({ functionId: "echo" });
    assert.deepEqual([created.responseBody, created.requestPath, list.total], ["from Node", "/n", 1]);
    results.push(anonymised({ created, read, list }));
  }
  assert.deepEqual(results[1], results[0]);
});
