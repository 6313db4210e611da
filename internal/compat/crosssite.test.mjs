// The page on one site, the API on another, over TLS: the session goes by the
// cookie where the browser keeps it, else by the header that stands in for it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";
import { startProfile, startSites } from "./support/sites.mjs";
import { KEY, password } from "./support/suite.mjs";
import { newUser } from "./support/tabs.mjs";

const shared = {};
const ends = [];
before(async () => {
  const owner = { after: (end) => ends.unshift(end) };
  shared.isojot = await startIsojot(owner, {
    args: ["--api-key", KEY, "--allow-origin", "https://app.page.test", "--trusted-proxy", "127.0.0.1/32", "--limits", "off"],
  });
  shared.pages = await startPages(owner, { "/": html("/sdk/isojot.js") });
});
after(async () => {
  for (const end of ends) await end();
});

/** A page of a new profile, with a user who is not signed in yet. */
async function setUp(t, thirdPartyCookies) {
  const user = await newUser(shared);
  const sites = await startSites(t, { pages: shared.pages, api: shared.isojot.url });
  const context = await startProfile(t, { thirdPartyCookies });
  const page = await context.newPage();
  await page.goto(sites.page);
  return { user, sites, context, page };
}

/** Signs in and leaves the page at once, as pages do. */
const signIn = async ({ page, sites, user }, options) => {
  await page.evaluate(async ([endpoint, email, password, options]) => {
    await new isojot.Client(options).setEndpoint(endpoint).setProject("demo").account.createEmailPasswordSession({ email, password });
    location.reload();
  }, [sites.endpoint, user.email, password, options]);
  await page.waitForFunction(() => performance.getEntriesByType("navigation")[0]?.type === "reload" && globalThis.isojot);
};

const whoAmI = ({ page, sites }, options) =>
  page.evaluate(([endpoint, options]) =>
    new isojot.Client(options).setEndpoint(endpoint).setProject("demo").account.get().then(({ $id }) => $id, ({ code, reason, advice }) => ({ code, reason, advice })),
  [sites.endpoint, options]);

const stored = ({ page }) => page.evaluate(() => localStorage.getItem("cookieFallback"));
const signOut = ({ page, sites }) =>
  page.evaluate((endpoint) => new isojot.Client().setEndpoint(endpoint).setProject("demo").account.deleteSession("current"), sites.endpoint);

test("where the browser keeps the cookie, no script can find the session", async (t) => {
  const world = await setUp(t, true);
  await signIn(world);
  assert.equal(await whoAmI(world), world.user.userId);
  assert.equal(await stored(world), null);
  const cookies = await world.context.cookies(world.sites.endpoint);
  const { secure, httpOnly, sameSite } = cookies.find(({ name }) => name === "a_session_demo");
  assert.deepEqual([secure, httpOnly, sameSite], [true, true, "None"]);
  const carried = world.sites.seen().filter(({ headers }) => "x-fallback-cookies" in headers);
  assert.deepEqual(carried, []);
  await signOut(world);
  assert.equal((await whoAmI(world)).code, 401);
});

test("where it does not, the session is stored, and gone after the sign-out", async (t) => {
  const world = await setUp(t, false);
  await signIn(world);
  assert.equal(await whoAmI(world), world.user.userId);
  assert.match(await stored(world), /^\{"a_session_demo":/);
  assert.deepEqual(await world.context.cookies(world.sites.endpoint), []);
  const calls = world.sites.seen().map(({ method, path, headers }) => [method, path, "x-fallback-cookies" in headers]);
  assert.deepEqual(calls, [
    ["POST", "/v1/account/sessions/email", false],
    ["GET", "/v1/account/sessions/current", false], // which shows that the cookie is missing
    ["GET", "/v1/account", true],
  ]);
  await signOut(world);
  assert.equal(await stored(world), null);
  assert.equal((await whoAmI(world)).code, 401);
});

test("without a storage the reason says what is blocked, and what to do", async (t) => {
  const world = await setUp(t, false);
  const { page, sites, user } = world;
  const outcome = await page.evaluate(async ([endpoint, email, password]) => {
    const { account } = new isojot.Client({ storage: "none" }).setEndpoint(endpoint).setProject("demo");
    await account.createEmailPasswordSession({ email, password });
    return account.get().catch(({ code, reason, advice }) => ({ code, reason, advice }));
  }, [sites.endpoint, user.email, password]);
  assert.deepEqual([outcome.code, outcome.reason], [401, "cookie-blocked"]);
  assert.match(outcome.advice, /reverse proxy/);
  assert.equal(await stored(world), null);
});

test("without a storage the cookie will do, where it is kept", async (t) => {
  const world = await setUp(t, true);
  await signIn(world, { storage: "none" });
  assert.equal(await whoAmI(world, { storage: "none" }), world.user.userId);
});
