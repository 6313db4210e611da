// The whole path with the built binary: the browser creates a JWT through Go
// compiled to WebAssembly, a native Go program acts with it.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { startGoServer } from "./support/example.mjs";
import { project, startIsojot } from "./support/isojot.mjs";

const password = "correct horse battery";

/** A page of the server's own, with a client signed in as a new user or as `email`. */
async function signedIn(browser, isojot, email, { create = true } = {}) {
  const page = await newPage(browser);
  await page.goto(isojot.url);
  await page.evaluate(
    async ({ endpoint, project, email, password, create }) => {
      const client = new isojot.Client().setEndpoint(endpoint).setProject(project);
      globalThis.account = client.account;
      if (create) await account.create({ userId: isojot.ID.unique(), email, password, name: "Ada" });
      await account.createEmailPasswordSession({ email, password });
    },
    { endpoint: isojot.endpoint, project, email, password, create },
  );
  return page;
}

const createJWT = (page) =>
  page.evaluate(() => account.createJWT().then(({ jwt }) => ({ jwt }), ({ code, type, message }) => ({ code, type, message })));

const bearer = (url, jwt) => fetch(url, { headers: { Authorization: `Bearer ${jwt}` } });

test("browser -> JWT -> native Go -> sign-out -> refused", async (t) => {
  const isojot = await startIsojot(t);
  const backend = await startGoServer(t, isojot);
  const browser = await startChromium(t);
  const page = await signedIn(browser, isojot, "ada@example.com");

  const { jwt } = await createJWT(page);
  const seen = await bearer(backend, jwt);
  assert.equal(seen.status, 200);
  const user = await seen.json();
  assert.equal(user.email, "ada@example.com");
  assert.equal(user.$id, await page.evaluate(() => account.get().then((user) => user.$id)));

  assert.equal((await fetch(backend)).status, 401, "without a token");
  assert.equal((await bearer(backend, `${jwt.slice(0, -2)}xx`)).status, 401, "with a forged token");

  await page.evaluate(() => account.deleteSession("current"));
  const refused = await bearer(backend, jwt);
  assert.equal(refused.status, 401, "after sign-out");
  assert.match(refused.headers.get("www-authenticate"), /^Bearer/);
  assert.deepEqual(page.problems, []);
});

test("a JWT dies 15 minutes after its making", async (t) => {
  const isojot = await startIsojot(t);
  const backend = await startGoServer(t, isojot);
  const page = await signedIn(await startChromium(t), isojot, "ada@example.com");
  const { jwt } = await createJWT(page);
  await isojot.advance("14m58s");
  assert.equal((await bearer(backend, jwt)).status, 200, "just before");
  await isojot.advance("2s");
  assert.equal((await bearer(backend, jwt)).status, 401, "15 minutes after");
  assert.ok(await page.evaluate(() => account.get()), "the session lives on");
});

test("10 creations in 60 minutes per user, across sessions and restarts", async (t) => {
  const data = await mkdtemp(join(tmpdir(), "isojot-limit-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  let isojot = await startIsojot(t, { data });
  const browser = await startChromium(t);
  const first = await signedIn(browser, isojot, "ada@example.com");
  const second = await signedIn(browser, isojot, "ada@example.com", { create: false });
  const other = await signedIn(browser, isojot, "bob@example.com");
  const limited = (answer) => assert.deepEqual([answer.code, answer.type], [429, "general_rate_limit_exceeded"], JSON.stringify(answer));

  for (let n = 1; n <= 10; n++) assert.ok((await createJWT(n % 2 ? first : second)).jwt, `creation ${n}`);
  limited(await createJWT(first));
  limited(await createJWT(second));
  assert.ok((await createJWT(other)).jwt, "another user is not affected");

  assert.equal(await isojot.stop(), 0);
  isojot = await startIsojot(t, { data, port: isojot.port });
  limited(await createJWT(first));
  await isojot.advance("59m");
  limited(await createJWT(second));
  await isojot.advance("1m");
  assert.ok((await createJWT(first)).jwt, "60 minutes after");
});
