// Every operation of the services of accounts and teams in Chromium, by npm appwrite
// 28, unmodified, and by our own package: people sign in with the cookies of the
// page, and mails, text messages and authenticators are real.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ABSENT, NOT_BUILT } from "./support/absent.mjs";
import { newPage, startChromium } from "./support/chromium.mjs";
import { project } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";
import { count, totp } from "./support/routes.mjs";
import { suite } from "./support/suite.mjs";

const shared = suite();

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
    assert.deepEqual(page.problems.filter((problem) => !STORAGE.test(problem)), []);
    await count({ name, pkg: "page", services: ["Account", "Teams"], calls, absent: { ...ABSENT.page, ...NOT_BUILT.page }, also });
  });
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
