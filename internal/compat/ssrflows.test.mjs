// Pages that a Node server renders, with JavaScript off: links, codes, a provider,
// verification, recovery and second factors by createServerClient().
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { project, root, startIsojot } from "./support/isojot.mjs";
import { totp } from "./support/routes.mjs";

const { ID, createServerClient, dispose, init } = await import(new URL("js/dist/isojot.node.mjs", `file://${root}`));
const PASSWORD = "analytical engine";

const field = (name, value = "") => `<input name="${name}" aria-label="${name}" value="${value}">`;
const form = (action, fields, button) => `<form method="post" action="${action}">${fields}<button>${button}</button></form>`;
const both = ({ userId, secret }) => field("userId", userId) + field("secret", secret);

const HOME = [
  form("/link", field("address"), "Mail me a link"), form("/code", field("email"), "Mail me a code"), form("/text", field("phone"), "Text me a code"),
  form("/password", field("who") + field("password"), "Sign in"), form("/forgot", field("forgotten"), "Forgot"), '<a href="/provider">Continue with Dev</a>',
].join("");

/** What each page does; they return HTML, or where to lead on. */
const pages = {
  async "GET /"({ account }) {
    try {
      const { email, phone, emailVerification } = await account.get();
      return `<h1>${email || phone}</h1><p>${emailVerification ? "verified" : "not verified"}</p>${form("/verify", "", "Verify")}${form("/out", "", "Sign out")}`;
    } catch (error) {
      if (error.reason === "more-factors") return form("/challenge", "", "Second factor");
      if (error.code === 401) return HOME;
      throw error;
    }
  },
  async "POST /link"({ account, client, url, input }) {
    await account.createMagicURLToken({ userId: ID.unique(), email: input.address, url: await client.callbackURL(`${url}/callback`) });
    return "sent";
  },
  async "GET /callback"({ client, address, query }) {
    try {
      await client.signInByCallback(address);
    } catch (error) {
      if (error.type !== "client_other_browser") throw error;
      return form("/token", both(query), "Sign in here");
    }
    return { to: "/" };
  },
  async "POST /code"({ account, input }) {
    const { userId } = await account.createEmailToken({ userId: ID.unique(), email: input.email });
    return form("/token", both({ userId, secret: "" }), "Sign in here");
  },
  async "POST /text"({ account, input }) {
    const { userId } = await account.createPhoneToken({ userId: ID.unique(), phone: input.phone });
    return form("/token", both({ userId, secret: "" }), "Sign in here");
  },
  async "POST /token"({ account, input }) {
    await account.createSession(input);
    return { to: "/" };
  },
  async "GET /provider"({ account, client, url }) {
    return { to: await account.createOAuth2Token({ provider: "dev", success: await client.callbackURL(`${url}/callback`), failure: `${url}/failed` }) };
  },
  async "POST /password"({ account, input }) {
    await account.createEmailPasswordSession({ email: input.who, password: input.password });
    return { to: "/" };
  },
  async "POST /verify"({ account, url }) {
    await account.createEmailVerification({ url: `${url}/verified` });
    return "sent";
  },
  async "GET /verified"({ account, query }) {
    await account.updateEmailVerification(query);
    return { to: "/" };
  },
  async "POST /forgot"({ account, url, input }) {
    await account.createRecovery({ email: input.forgotten, url: `${url}/reset` });
    return "sent";
  },
  "GET /reset": async ({ query }) => form("/reset", both(query) + field("fresh"), "Change"),
  async "POST /reset"({ account, input }) {
    await account.updateRecovery({ userId: input.userId, secret: input.secret, password: input.fresh });
    return { to: "/" };
  },
  async "POST /challenge"({ account }) {
    const { $id } = await account.createMFAChallenge({ factor: "totp" });
    return form("/answer", field("challengeId", $id) + field("otp"), "Go on");
  },
  async "POST /answer"({ account, input }) {
    await account.updateMFAChallenge(input);
    return { to: "/" };
  },
  async "POST /out"({ account }) {
    await account.deleteSession({ sessionId: "current" });
    return { to: "/" };
  },
};

/** Serves them on a port of its own; resolves with the URL. */
async function startSite(t, { endpoint }) {
  await init({ wasmModule: await WebAssembly.compile(await readFile(`${root}js/dist/isojot.wasm`)) });
  const server = createServer((request, response) => answer(request, response, endpoint)).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    server.close();
    await dispose();
  });
  return `http://localhost:${server.address().port}`;
}

async function answer(request, response, endpoint) {
  const url = `http://${request.headers.host}`; // of the test's own pages; others name their address
  const address = new URL(request.url, url);
  const setAll = (cookies, headers) => {
    for (const { header } of cookies) response.appendHeader("set-cookie", header);
    for (const name in headers) response.setHeader(name, headers[name]);
  };
  response.setHeader("referrer-policy", "same-origin"); // with no-referrer, forms would have the origin null
  const client = createServerClient({ endpoint, project, cookies: { getAll: () => request.headers.cookie, setAll } });
  const page = pages[`${request.method} ${address.pathname}`];
  try {
    if (!page) return response.writeHead(404).end();
    if (request.method === "POST" && request.headers["sec-fetch-site"] !== "same-origin") return response.writeHead(403).end();
    const input = Object.fromEntries(new URLSearchParams(await text(request)));
    const { userId, secret } = Object.fromEntries(address.searchParams);
    const shown = await page({ client, account: client.account, url, address: address.href, input, query: { userId, secret } });
    if (shown.to) response.writeHead(303, { location: shown.to }).end();
    else response.writeHead(200, { "content-type": "text/html" }).end(shown);
  } catch (error) {
    response.writeHead(error.code >= 400 ? error.code : 500, { "content-type": "text/plain" }).end(`${error.type}: ${error.message}`);
  } finally {
    client.close();
  }
}

test("a site without JavaScript", async (t) => {
  const isojot = await startIsojot(t, { args: ["--limits", "off"] });
  const url = await startSite(t, isojot);
  const browser = await startChromium(t);
  const visitor = async () => {
    const page = await newPage(browser, { javaScriptEnabled: false });
    page.setDefaultTimeout(10_000);
    return page;
  };
  const fill = async (page, values, button) => {
    for (const [name, value] of Object.entries(values)) await page.getByLabel(name, { exact: true }).fill(value);
    await page.getByRole("button", { name: button, exact: true }).click();
  };
  const isSignedIn = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
  const session = async (page) => (await page.context().cookies()).find(({ name }) => name === "a_session_demo")?.value;

  await t.test("a link, in the browser that asked", async () => {
    const page = await visitor();
    await page.goto(url);
    await fill(page, { address: "link@example.com" }, "Mail me a link");
    await page.getByText("sent").waitFor();
    const [link] = (await isojot.nextMail("link@example.com")).links;
    await page.goto(link);
    await isSignedIn(page, "link@example.com");
    assert.equal(page.url(), `${url}/`, "the secret is gone from the address bar");
    assert.deepEqual((await page.context().cookies()).map(({ name }) => name), ["a_session_demo"]);
  });

  await t.test("a link, in another browser, asks first, and is not used up", async () => {
    const page = await visitor();
    await page.goto(url);
    await fill(page, { address: "other@example.com" }, "Mail me a link");
    const [link] = (await isojot.nextMail("other@example.com")).links;
    const other = await visitor();
    for (let i = 0; i < 2; i++) await other.goto(link);
    assert.equal(await session(other), undefined);
    await other.getByRole("button", { name: "Sign in here" }).click();
    await isSignedIn(other, "other@example.com");
  });

  await t.test("codes by mail and text", async () => {
    for (const [field, to, button, next] of [["email", "code@example.com", "Mail me a code", "nextMail"], ["phone", "+4930555", "Text me a code", "nextText"]]) {
      const page = await visitor();
      await page.goto(url);
      await fill(page, { [field]: to }, button);
      await page.getByRole("button", { name: "Sign in here" }).waitFor();
      await fill(page, { secret: (await isojot[next](to)).codes[0] }, "Sign in here");
      await isSignedIn(page, to);
    }
  });

  await t.test("a provider, and a callback that is somebody else's", async () => {
    const page = await visitor();
    await page.goto(url);
    await page.getByRole("link", { name: "Continue with Dev" }).click();
    await fill(page, { "E-mail address": "provider@example.com" }, "Sign in");
    await isSignedIn(page, "provider@example.com");

    // Login CSRF: an attacker's own callback, opened by a victim.
    const attacker = await visitor();
    await attacker.goto(url);
    await attacker.getByRole("link", { name: "Continue with Dev" }).click();
    const callback = attacker.waitForRequest((request) => request.url().startsWith(`${url}/callback?`));
    await fill(attacker, { "E-mail address": "attacker@example.com" }, "Sign in");
    const stolen = (await callback).url();
    const before = await session(page);
    await page.goto(stolen);
    await page.getByRole("button", { name: "Sign in here" }).waitFor();
    assert.equal(await session(page), before);
  });

  await t.test("verification, recovery and a second factor", async () => {
    const email = "ada@example.com";
    const headers = { "content-type": "application/json", "x-appwrite-project": project };
    await fetch(`${isojot.endpoint}/account`, { method: "POST", headers, body: JSON.stringify({ userId: "ada", email, password: PASSWORD }) });
    const page = await visitor();
    await page.goto(url);
    await fill(page, { who: email, password: PASSWORD }, "Sign in");
    await fill(page, {}, "Verify");
    await page.goto((await isojot.nextMail(email)).links[0]);
    await page.getByText("verified", { exact: true }).waitFor();

    const cookies = `a_session_demo=${await session(page)}`;
    const client = createServerClient({ endpoint: isojot.endpoint, project, cookies });
    const { secret } = await client.account.createMFAAuthenticator({ type: "totp" });
    await client.account.updateMFAAuthenticator({ type: "totp", otp: await totp(isojot, secret) });
    await client.account.updateMFA({ mfa: true });
    client.close();
    await page.goto(url);
    await fill(page, {}, "Sign out");

    await fill(page, { forgotten: email }, "Forgot");
    await page.goto((await isojot.nextMail(email)).links[0]);
    await fill(page, { fresh: "difference engine" }, "Change");
    await fill(page, { who: email, password: "difference engine" }, "Sign in");
    await page.getByRole("button", { name: "Second factor" }).click();
    await fill(page, { otp: "000000" }, "Go on");
    await page.getByText("user_invalid_token").waitFor();
    await page.goto(url);
    await page.getByRole("button", { name: "Second factor" }).click();
    await fill(page, { otp: await totp(isojot, secret) }, "Go on");
    await isSignedIn(page, email);
  });
  assert.doesNotMatch(isojot.output, /secret=/, "the server logs no secret");
});
