// Every operation of the services of accounts and teams in Chromium, by npm appwrite
// 28, unmodified, and by our own package: people sign in with the cookies of the
// page, and mails, text messages and authenticators are real.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ABSENT } from "./support/absent.mjs";
import { newPage, startChromium } from "./support/chromium.mjs";
import { project } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";
import { count, totp } from "./support/routes.mjs";
import { suite } from "./support/suite.mjs";

const shared = suite();

// What Appwrite 1.9.6 answers without, and the type of appwrite 28 has.
const ODD = { without: ["Identity.providerIdToken"] };
// What npm appwrite logs at each answer that lets it keep the session, as Appwrite's do.
const STORAGE = /^Appwrite is using localStorage for session management\./;

for (const [name, global, script, also] of [
  ["appwrite", "Appwrite", "/official/sdk.js", []],
  ["isojot", "isojot", "/sdk/isojot.js", ["Account.delete"]],
]) {
  test(`${name}: every operation that this version has`, async (t) => {
    const { isojot } = shared;
    const pages = await startPages(t, { "/routes.html": html(script, "/shared/routes.js") });
    const page = await newPage(await startChromium(t));
    await page.exposeFunction("nextMail", isojot.nextMail);
    await page.exposeFunction("nextText", isojot.nextText);
    await page.exposeFunction("totp", (secret) => totp(isojot, secret));
    await page.exposeFunction("forget", () => page.context().clearCookies());
    await page.goto(`${pages}/routes.html`);
    const calls = await page.evaluate(pageRoutes, [global, isojot.endpoint, project, `${pages}/there`]);
    for (const method of ["createOAuth2Session", "createOAuth2Token"]) calls.push(...(await atProvider(page, method, global, isojot)));
    assert.deepEqual(page.problems.filter((problem) => !STORAGE.test(problem)), []);
    await count({ name, pkg: "page", services: ["Account", "Teams"], calls, absent: ABSENT.page, also, odd: ODD });
  });
}

// Leaves the page for the provider of development, and comes back; returns the calls.
async function atProvider(page, method, global, { endpoint }) {
  const here = page.url().replace(/\?.*/, "");
  await page.context().clearCookies();
  const run = (calls) => page.evaluate(
    async ([global, endpoint, project, calls]) => {
      localStorage.clear();
      const sdk = globalThis[global];
      const account = new sdk.Account(new sdk.Client().setEndpoint(endpoint).setProject(project));
      const values = [];
      for (const [method, params] of calls) {
        const value = await account[method](params);
        values.push({ operation: `Account.${method}`, value });
      }
      return values;
    },
    [global, endpoint, project, calls],
  );
  const left = page.waitForURL((url) => url.pathname.endsWith("/oauth2/authorize"));
  await run([[method, { provider: "dev", success: here, failure: `${here}?failed` }]]).catch((error) => {
    if (!/navigation|context was destroyed/i.test(error.message)) throw error; // the page has gone
  });
  await left;
  await page.getByLabel("E-mail address").fill(`${method}-${global}@example.com`.toLowerCase());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.href.startsWith(here), { waitUntil: "commit" });
  const { userId, secret } = Object.fromEntries(new URL(page.url()).searchParams);
  await page.goto(here); // the pages' server knows no parameters
  const calls = await run([...(secret ? [["createSession", { userId, secret }]] : []), ["get"], ["listIdentities"]]);
  const { identities } = calls.at(-1).value;
  assert.equal(identities[0].providerEmail, `${method}-${global}@example.com`.toLowerCase());
  calls.push(...(await run([["deleteIdentity", { identityId: identities[0].$id }]])));
  return [{ operation: `Account.${method}`, value: null }, ...calls];
}

// Runs in the page.
function pageRoutes([global, endpoint, project, url]) {
  const sdk = globalThis[global];
  const { nextMail, nextText, totp, forget } = globalThis;
  let client;
  const fresh = () => (client = new sdk.Client().setEndpoint(endpoint).setProject(project));
  const leave = async (keep) => {
    // The session of a user that is blocked or gone cannot be ended.
    if (client && !keep) await new sdk.Account(client).deleteSession({ sessionId: "current" }).catch(() => {});
    await forget();
    localStorage.clear();
  };
  const enter = async (make) => {
    await make(fresh());
    return client;
  };
  return globalThis.routesScript(sdk, { url, cookies: true, client: fresh, enter, leave, nextMail, nextText, totp });
}
