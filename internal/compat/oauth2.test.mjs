// Signing in at a provider of OpenID Connect, npm oidc-provider, in Chromium: by the
// official SDKs and by ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Account, Client } from "node-appwrite";
import { newPage, startChromium } from "./support/chromium.mjs";
import { freePort, project, startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";
import { byForm, byIssuer, consentedAt, providersFile, signInThere, startProvider } from "./support/provider.mjs";

const SDKS = [["official", "Appwrite"], ["ours", "isojot"]];

/** A server with the providers `oidc` and `posted`, pages of both SDKs, and a browser. */
async function everything(t) {
  const port = await freePort();
  const endpoint = `http://localhost:${port}/v1`;
  const { issuer } = await startProvider(t, { endpoint }, ["oidc", "posted"]);
  const file = await providersFile(t, [byIssuer("oidc", issuer), byForm("posted", issuer)]);
  const isojot = await startIsojot(t, { port, args: ["--oauth-file", file, "--limits", "off"] });
  const pages = await startPages(t, { "/official.html": html("/official/sdk.js"), "/ours.html": html("/sdk/isojot.js") });
  return { isojot, issuer, pages, browser: await startChromium(t) };
}

/** Lets a page start a sign-in by an SDK's method, and waits until the browser is at the provider. */
async function begin(page, { isojot, issuer, pages }, [name, global], method, options) {
  await page.goto(`${pages}/${name}.html`);
  await page.evaluate(
    ([global, endpoint, project, method, options]) => {
      const { Account, Client } = globalThis[global];
      new Account(new Client().setEndpoint(endpoint).setProject(project))[method](options);
    },
    [global, isojot.endpoint, project, method, { success: `${pages}/${name}.html`, failure: `${pages}/failed`, ...options }],
  );
  await page.waitForURL((url) => url.href.startsWith(issuer));
}

/** Calls a method of the SDK's Account in the page. */
const call = (page, { isojot }, [, global], method, options) => page.evaluate(
  ([global, endpoint, project, method, options]) => {
    const { Account, Client } = globalThis[global];
    const account = new Account(new Client().setEndpoint(endpoint).setProject(project));
    return account[method](...(options ? [options] : []));
  },
  [global, isojot.endpoint, project, method, options],
);

test("createOAuth2Session, by an issuer and by a form, of both SDKs", async (t) => {
  const all = await everything(t);
  for (const sdk of SDKS) {
    for (const provider of ["oidc", "posted"]) {
      const page = await newPage(all.browser);
      const name = `${sdk[0]}-${provider}`;
      await begin(page, all, sdk, "createOAuth2Session", { provider });
      await signInThere(page, name);
      await page.waitForURL(`${all.pages}/${sdk[0]}.html#`);
      const user = await call(page, all, sdk, "get");
      assert.deepEqual([user.email, user.emailVerification, user.name], [`${name}@example.com`, true, `User ${name}`]);
      const session = await call(page, all, sdk, "getSession", { sessionId: "current" });
      assert.deepEqual([session.provider, session.providerUid, session.factors], [provider, name, ["email", "oauth2"]]);
      assert.ok(session.providerAccessToken, "the session has the provider's token");
      const { total, identities } = await call(page, all, sdk, "listIdentities");
      assert.deepEqual([total, identities[0].provider, identities[0].providerEmail], [1, provider, `${name}@example.com`]);
      const cookies = await page.context().cookies(all.isojot.url);
      assert.deepEqual(cookies.filter(({ name }) => name.startsWith("isojot_oauth2_")), [], "the cookie of the sign-in is gone");
      await call(page, all, sdk, "deleteIdentity", { identityId: identities[0].$id });
      assert.equal((await call(page, all, sdk, "listIdentities")).total, 0);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    }
  }
});

test("createOAuth2Token, of both SDKs", async (t) => {
  const all = await everything(t);
  for (const sdk of SDKS) {
    const page = await newPage(all.browser);
    await begin(page, all, sdk, "createOAuth2Token", { provider: "oidc", success: `${all.pages}/done?mine=1` });
    await signInThere(page, sdk[0]);
    await page.waitForURL(`${all.pages}/done?*`);
    const { mine, userId, secret } = Object.fromEntries(new URL(page.url()).searchParams);
    assert.equal(mine, "1");
    await page.goto(`${all.pages}/${sdk[0]}.html`);
    const session = await call(page, all, sdk, "createSession", { userId, secret });
    assert.deepEqual([session.provider, session.providerUid, session.userId], ["oidc", sdk[0], userId]);
    assert.equal((await call(page, all, sdk, "get")).email, `${sdk[0]}@example.com`);
    const again = await call(page, all, sdk, "createSession", { userId, secret }).then(() => "a session", String);
    assert.notEqual(again, "a session");
    await page.context().close();
  }
});

test("node-appwrite's createOAuth2Token leads the user's browser, which alone can end it", async (t) => {
  const all = await everything(t);
  const account = new Account(new Client().setEndpoint(all.isojot.endpoint).setProject(project));
  const url = await account.createOAuth2Token({ provider: "oidc", success: `${all.pages}/done`, failure: `${all.pages}/failed` });
  const page = await newPage(all.browser);
  await page.goto(url);
  await page.waitForURL((url) => url.href.startsWith(all.issuer));
  await signInThere(page, "ssr");
  await page.waitForURL(`${all.pages}/done?*`);
  const { userId, secret } = Object.fromEntries(new URL(page.url()).searchParams);
  const session = await account.createSession({ userId, secret });
  assert.deepEqual([session.provider, session.providerUid], ["oidc", "ssr"]);
});

test("refusing, another's browser, and an address that is not verified", async (t) => {
  const all = await everything(t);
  const sdk = SDKS[1];
  const errorOf = (page) => JSON.parse(new URL(page.url()).searchParams.get("error"));

  const refuser = await newPage(all.browser);
  await begin(refuser, all, sdk, "createOAuth2Session", { provider: "oidc" });
  await refuser.getByRole("link", { name: /Cancel/ }).click();
  await refuser.waitForURL(`${all.pages}/failed?*`);
  assert.deepEqual([errorOf(refuser).type, errorOf(refuser).code], ["user_oauth2_provider_error", 424]);

  // Login CSRF: the attacker stops before the callback, and sends its URL to the victim.
  const attacker = await newPage(all.browser);
  await begin(attacker, all, sdk, "createOAuth2Session", { provider: "oidc" });
  await signInThere(attacker, "attacker", { consent: false });
  const callback = await consentedAt(attacker);
  const victim = await newPage(all.browser);
  await victim.goto(callback);
  assert.match(await victim.textContent("body"), /not begun in this browser/);
  assert.deepEqual((await victim.context().cookies()).filter(({ name }) => name.startsWith("a_session_")), []);

  // Somebody has the address here; the provider does not vouch for it.
  const owner = await newPage(all.browser);
  await owner.goto(`${all.pages}/ours.html`);
  await call(owner, all, sdk, "create", { userId: "owner", email: "unverified@example.com", password: "analytical-engine" });
  const thief = await newPage(all.browser);
  await begin(thief, all, sdk, "createOAuth2Session", { provider: "oidc" });
  await signInThere(thief, "unverified");
  await thief.waitForURL(`${all.pages}/failed?*`);
  assert.equal(errorOf(thief).type, "general_bad_request");
});

test("the toy provider of --dev", async (t) => {
  const all = await everything(t);
  const page = await newPage(all.browser);
  await page.goto(`${all.pages}/ours.html`);
  await page.evaluate(
    ([endpoint, project, options]) => {
      const { Account, Client } = globalThis.isojot;
      new Account(new Client().setEndpoint(endpoint).setProject(project)).createOAuth2Session(options);
    },
    [all.isojot.endpoint, project, { provider: "dev", success: `${all.pages}/ours.html`, failure: `${all.pages}/failed` }],
  );
  await page.getByLabel("E-mail address").fill("toy@example.com");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${all.pages}/ours.html#`);
  assert.equal((await call(page, all, SDKS[1], "get")).email, "toy@example.com");
  assert.deepEqual(page.problems, []);
});
