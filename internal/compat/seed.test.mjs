// The code of Appwrite's announcement of JWTs, as it stands in seed/.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { newPage, startChromium } from "./support/chromium.mjs";
import { project, root, startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";

const run = promisify(execFile);
const password = "correct horse battery";

test("in a page", async (t) => {
  const isojot = await startIsojot(t);
  const setup = `const appwrite = new isojot.Client().setEndpoint("${isojot.endpoint}").setProject("${project}");`;
  const pages = await startPages(t, {
    "/": html("/sdk/isojot.js", "/setup.js", "/seed/page.js"),
    "/setup.js": { type: "text/javascript", body: setup },
    "/sign-in": html("/sdk/isojot.js", "/setup.js"),
  });
  const page = await newPage(await startChromium(t));

  await page.goto(`${pages}/`);
  await page.waitForFunction(() => document.title === "Failure");
  assert.match(await page.textContent("body"), /missing scopes/);

  await page.goto(`${pages}/sign-in`);
  await page.evaluate(async (password) => {
    await appwrite.account.create(isojot.ID.unique(), "ada@example.com", password);
    await appwrite.account.createEmailPasswordSession("ada@example.com", password);
  }, password);
  await page.goto(`${pages}/`);
  await page.waitForFunction(() => document.title === "Success");
  assert.match(await page.textContent("body"), /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.deepEqual(page.problems, []);
});

/** A JWT of a new user, made by plain HTTP. */
async function token(isojot, email) {
  const headers = { "Content-Type": "application/json", "X-Appwrite-Project": project };
  const post = (path, body, more) =>
    fetch(isojot.endpoint + path, { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });
  await post("/account", { userId: "unique()", email, password });
  const session = await post("/account/sessions/email", { email, password });
  const cookie = session.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return (await (await post("/account/jwts", {}, { Cookie: cookie })).json()).jwt;
}

test("in Node, as CommonJS, with the official package and with the packed ours", async (t) => {
  const isojot = await startIsojot(t);
  const folder = await mkdtemp(join(tmpdir(), "isojot-seed-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: join(root, "js") });
  const [{ filename }] = JSON.parse(stdout);
  await run("npm", ["install", "--offline", "--no-save", "--prefix", folder, join(folder, filename)]);
  const installed = createRequire(join(folder, "x.js")).resolve("isojot");

  const seed = new URL("./seed/index.cjs", import.meta.url);
  const outputs = [];
  for (const SDK of ["node-appwrite", installed]) {
    const JWT = await token(isojot, `user${outputs.length}@example.com`);
    const env = { ...process.env, SDK, JWT, ENDPOINT: isojot.endpoint, PROJECT: project };
    outputs.push(JSON.parse((await run(process.execPath, [seed.pathname], { env })).stdout));
  }
  assert.deepEqual(outputs.map((user) => user.email), ["user0@example.com", "user1@example.com"]);
  assert.deepEqual(Object.keys(outputs[1]), Object.keys(outputs[0]));
});
