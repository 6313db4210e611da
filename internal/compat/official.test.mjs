// One script, two SDKs: the official appwrite 28 and ours, only the import
// changed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { project, root, startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";

const require = createRequire(import.meta.url);

/** How the script's bad calls are refused. */
const REFUSALS = [
  ["guest", 401, "general_unauthorized_scope"],
  ["twice", 409, "user_already_exists"],
  ["wrong", 401, "user_invalid_credentials"],
  ["again", 401, "user_session_already_exists"],
  ["tooLong", 400, "general_argument_invalid"],
  ["missing", 404, "user_session_not_found"],
  ["nameless", 400, "general_argument_invalid"],
  ["badPrefs", 400, "general_argument_invalid"],
  ["wrongPassword", 401, "user_invalid_credentials"],
  ["wrongOld", 401, "user_invalid_credentials"],
  ["badToken", 401, "user_invalid_token"],
  ["after", 401, "general_unauthorized_scope"],
  ["refused", 403, "user_blocked"],
];

test("in Chromium, from another port", async (t) => {
  const isojot = await startIsojot(t);
  const pages = await startPages(t, {
    "/official.html": html("/official/sdk.js", "/shared/account.js"),
    "/ours.html": html("/sdk/isojot.js", "/shared/account.js"),
  });
  const browser = await startChromium(t);
  const results = {};
  for (const [name, global] of [["official", "Appwrite"], ["ours", "isojot"]]) {
    const page = await newPage(browser);
    await page.goto(`${pages}/${name}.html`);
    results[name] = await page.evaluate(
      ([global, ...args]) => accountScript(globalThis[global], ...args),
      [global, isojot.endpoint, project, `${name}@example.com`],
    );
    await page.context().close();
  }
  assert.deepEqual(anonymised(results.ours, "ours"), anonymised(results.official, "official"));
  assert.deepEqual(results.ours.jwt, [3, 14]);
  for (const [name, code, type] of REFUSALS) {
    assert.deepEqual([results.official[name].code, results.official[name].type, results.official[name].exception], [code, type, true], name);
  }
});

test("in Chromium, each method by one object and by positions, and the helpers", async (t) => {
  const isojot = await startIsojot(t, { args: ["--limits", "off"] });
  const pages = await startPages(t, {
    "/official.html": html("/official/sdk.js", "/shared/shapes.js", "/shared/helpers.js"),
    "/ours.html": html("/sdk/isojot.js", "/shared/shapes.js", "/shared/helpers.js"),
  });
  const browser = await startChromium(t);
  const results = {};
  const helpers = {};
  for (const [name, global] of [["official", "Appwrite"], ["ours", "isojot"]]) {
    const page = await newPage(browser);
    await page.goto(`${pages}/${name}.html`);
    for (const shape of ["object", "positions"]) {
      results[`${name} ${shape}`] = await page.evaluate(
        ([global, ...args]) => shapesScript(globalThis[global], ...args),
        [global, shape, isojot.endpoint, project, `${name}-${shape}@example.com`],
      );
    }
    helpers[name] = await page.evaluate((global) => helpersScript(globalThis[global]), global);
    await page.context().close();
  }
  for (const shape of ["object", "positions"]) assert.deepEqual(results[`ours ${shape}`], results[`official ${shape}`], shape);
  const { results: expected, missing } = results["official object"];
  assert.deepEqual(results["official positions"].results, expected);
  assert.ok(missing.filter(([, { message }]) => /^Missing required parameter: "/.test(message)).length > 10);
  assert.deepEqual(helpers.ours, helpers.official);
  const prefs = expected.find(([method, { value }]) => method === "updatePrefs" && value)[1].value.prefs;
  assert.deepEqual(prefs, { theme: "dark", n: "9007199254740993n", list: [1, null] });
  assert.deepEqual(expected.filter(([, { type }]) => type).map(([, { type }]) => type), [
    "user_already_exists", "user_invalid_credentials", "general_argument_invalid", "general_argument_invalid", "user_session_not_found", "user_invalid_token",
  ]);
});

/** What is the same for both but for the address that it names. */
const anonymised = (result, name) => JSON.parse(JSON.stringify(result).replaceAll(`${name}@`, "someone@"));

/** Signs in by plain HTTP and reads the session from Set-Cookie, as a server does. */
async function session(isojot, email, password) {
  const answer = await fetch(`${isojot.endpoint}/account/sessions/email`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Appwrite-Project": project },
    body: JSON.stringify({ email, password }),
  });
  assert.equal(answer.status, 201);
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(`a_session_${project}=`));
  return decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1, cookie.indexOf(";")));
}

test("in Node, with the session given by setSession", async (t) => {
  const isojot = await startIsojot(t);
  const users = [];
  for (const [name, sdk] of [["official", require("appwrite")], ["ours", require(`${root}js/dist/isojot.cjs`)]]) {
    const [email, password] = [`${name}@example.com`, "correct horse battery"];
    const guest = new sdk.Account(new sdk.Client().setEndpoint(isojot.endpoint).setProject(project));
    await guest.create({ userId: sdk.ID.unique(), email, password });
    const client = new sdk.Client().setEndpoint(isojot.endpoint).setProject(project).setSession(await session(isojot, email, password));
    const account = new sdk.Account(client);
    const { jwt } = await account.createJWT();
    assert.equal(jwt.split(".").length, 3);
    const asToken = new sdk.Account(new sdk.Client().setEndpoint(isojot.endpoint).setProject(project).setJWT(jwt));
    assert.equal((await asToken.get()).$id, (await account.get()).$id);
    users.push(await account.get());
    await account.deleteSessions();
    await assert.rejects(asToken.get(), { code: 401, type: "general_unauthorized_scope" });
  }
  assert.deepEqual(Object.keys(users[1]), Object.keys(users[0]));
});

test("in Node ours hands out the session's secret, and remembers nobody", async (t) => {
  const isojot = await startIsojot(t);
  const sdk = require(`${root}js/dist/isojot.cjs`);
  const shared = new sdk.Client().setEndpoint(isojot.endpoint).setProject(project);
  const users = {};
  for (const name of ["alice", "bob"]) {
    const [email, password] = [`${name}@example.com`, "correct horse battery"];
    await shared.account.create({ userId: name, email, password });
    users[name] = (await shared.account.createEmailPasswordSession({ email, password })).secret;
  }
  await assert.rejects(shared.account.get(), { code: 401, type: "general_unauthorized_scope", message: /setSession/ });
  for (const [name, secret] of Object.entries(users)) {
    const own = new sdk.Client().setEndpoint(isojot.endpoint).setProject(project).setSession(secret);
    assert.equal((await own.account.get()).$id, name);
  }
});
