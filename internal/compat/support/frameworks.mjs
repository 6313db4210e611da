// What each example of a framework must do: the same pages, names and routes,
// and so the same checks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newPage, startChromium } from "./chromium.mjs";
import { project } from "./isojot.mjs";
import { endSessions, newJWT, newSession, newUser } from "./tabs.mjs";
import { password } from "./suite.mjs";
import { startDevServer, startWebApp } from "./webapp.mjs";

const COOKIE = `a_session_${project}`;
// Builds go on beside other work, and the first answers take long.
const PATIENCE = 60_000;

/**
 * Builds the example, runs every check against it, and writes its row of the
 * table of runtimes. `options` are those of startWebApp(); `streams` says that
 * its page streams.
 */
export function testFramework(name, packageName, { streams = false, ...options }) {
  test(`examples/${name}`, async (t) => {
    const app = await startWebApp(t, name, options);
    app.browser = await startChromium(t);
    const count = { passed: 0, failed: 0 };
    for (const [title, check] of streams ? [STREAMED, ...CHECKS] : CHECKS) await t.test(title, (t) => counted(count, () => check(app, t)));
    t.diagnostic(`row: ${name} ${await app.versionOf(packageName)} passed ${count.passed} failed ${count.failed}`);
  });
}

async function counted(count, check) {
  try {
    await check();
    count.passed++;
  } catch (error) {
    count.failed++;
    throw error;
  }
}

const STREAMED = ["what the page streams still has the client of its request", streamed];
const CHECKS = [
  ["without JavaScript: refused, signed up, seen after a reload, signed out", withoutJavaScript],
  ["many requests of two users at once: each gets its own page", twoUsers],
  ["the browser makes a JWT by the session of the server, and the route acts for its bearer", jwtInBrowser],
  ["in one tab, after another has signed in, the token is the other's", nextUser],
  ["a session that was ended elsewhere: the button says so, the page is a guest's", endedElsewhere],
  ["the route acts for the bearer alone, and refuses who has no good token", route],
  ["/v1 of the pages is the API: who signs in there is known to the server", proxy],
  ["the server has logged no error", (app) => assert.equal(app.complaints, "")],
  // After that, as some log the attempt.
  ["a form of a foreign site signs nobody in", foreignForm],
  ["the dev server, started as the README says", devServer],
];

async function open(app, t, options) {
  const context = await app.browser.newContext({ baseURL: app.url, ...options });
  context.setDefaultTimeout(PATIENCE);
  t.after(() => context.close());
  const page = await newPage(app.browser, { context });
  await page.goto("/");
  return page;
}

async function fill(page, { email, password }) {
  await page.fill("#email", email);
  await page.fill("#password", password);
}

/** Signs up by the page's form; resolves with the user, as the page shows them. */
async function signUp(page, name) {
  const user = { email: `${name}-${crypto.randomUUID()}@example.com`, password };
  await fill(page, user);
  await page.click("#sign-up");
  await shows(page, "#user", user.email);
  return user;
}

async function signOut(page) {
  await page.click("#sign-out");
  await page.locator("#sign-in").waitFor();
}

const shows = (page, id, text) => page.locator(id, { hasText: text }).waitFor();
const sessionCookies = async (page) => (await page.context().cookies()).filter(({ name }) => name.startsWith("a_session"));

// Presses the button and gives what it shows for it.
async function callBackend(page) {
  await page.click("#call");
  await page.locator("#answer").waitFor();
  return page.locator("#answer").textContent();
}

async function withoutJavaScript(app, t) {
  const page = await open(app, t, { javaScriptEnabled: false });
  assert.equal(await page.locator("#user").count(), 0);
  await fill(page, { email: "nobody@example.com", password });
  await page.click("#sign-in");
  await shows(page, "#problem", "Invalid credentials");
  assert.deepEqual(await sessionCookies(page), []);

  await page.goto("/");
  const user = await signUp(page, "ada");
  const answer = await page.reload();
  await shows(page, "#user", user.email);
  assert.ok(await page.locator("#call").isDisabled());
  assert.match(answer.headers()["cache-control"], /private.*no-store/);
  const [cookie, ...others] = await sessionCookies(page);
  const { name, httpOnly, secure, sameSite, value } = cookie;
  assert.deepEqual([name, httpOnly, secure, sameSite, others], [COOKIE, true, true, "Lax", []]);
  assert.ok(!(await answer.text()).includes(value), "the page tells the session's secret");

  await signOut(page);
  assert.deepEqual(await sessionCookies(page), []);
  const headers = { "X-Appwrite-Project": project, "X-Appwrite-Session": value };
  assert.equal((await fetch(`${app.isojot.endpoint}/account`, { headers })).status, 401);

  await fill(page, user);
  await page.click("#sign-in");
  await shows(page, "#user", user.email);
}

async function streamed(app, t) {
  const page = await open(app, t);
  await signUp(page, "ada");
  await shows(page, "#sessions", "1");
  await page.reload();
  await shows(page, "#sessions", "1");
  assert.deepEqual(page.problems, []);
}

async function twoUsers(app, t) {
  const pages = [await open(app, t), await open(app, t)];
  const users = [await signUp(pages[0], "ada"), await signUp(pages[1], "bob")];
  const requests = Array.from({ length: 40 }, async (_, i) => {
    const answer = await pages[i % 2].request.get("/");
    const html = await answer.text();
    assert.ok(html.includes(users[i % 2].email), html);
    assert.ok(!html.includes(users[(i + 1) % 2].email), "the page shows the other user");
  });
  await Promise.all(requests);
}

async function jwtInBrowser(app, t) {
  const page = await open(app, t);
  const asked = [];
  const programs = new Set(); // Nuxt prefetches it, and the fetch is answered by that
  page.on("request", (request) => asked.push(new URL(request.url())));
  page.on("response", (response) => /\.wasm$/.test(response.url()) && programs.add(response.headers()["content-type"]));
  const { email } = await signUp(page, "ada");
  for (let i = 0; i < 2; i++) {
    const answer = await callBackend(page);
    assert.match(answer, /^200 /);
    assert.ok(answer.includes(email), answer);
  }
  assert.deepEqual(asked.filter(({ origin, protocol }) => protocol !== "data:" && origin !== app.url).map(String), []);
  assert.equal(asked.filter(({ pathname }) => pathname === "/v1/account/jwts").length, 1);
  assert.deepEqual([...programs], ["application/wasm"]);
  assert.deepEqual(await page.evaluate(() => ["cookieFallback" in localStorage, document.cookie, Object.values(sessionStorage).filter((value) => /eyJ/.test(value))]), [false, "", []]);
  assert.deepEqual(page.problems, []);
}

async function nextUser(app, t) {
  const page = await open(app, t);
  for (const name of ["ada", "bob"]) {
    const { email } = await signUp(page, name);
    assert.ok((await callBackend(page)).includes(email));
    await signOut(page);
  }
  assert.deepEqual(page.problems, []);
}

async function endedElsewhere(app, t) {
  const page = await open(app, t);
  await signUp(page, "ada");
  const { $id: userId } = JSON.parse((await callBackend(page)).replace(/^200 /, ""));
  await endSessions(app, { userId });
  await page.click("#call");
  await shows(page, "#answer", /^401 /);
  await page.reload();
  await page.locator("#sign-in").waitFor();
}

async function route(app, t) {
  const page = await open(app, t);
  await signUp(page, "ada");
  const ask = async (authorization) => {
    const answer = await page.request.get("/api/me", { headers: authorization ? { authorization } : {} });
    const { "www-authenticate": challenge } = answer.headers();
    return [answer.status(), challenge, await answer.json()];
  };
  const bob = await newUser(app, "bob");
  const jwt = await newJWT(app, await newSession(app, bob));
  assert.deepEqual(await ask(`Bearer ${jwt}`), [200, undefined, { $id: bob.userId, email: bob.email }]);
  await endSessions(app, bob);
  for (const bad of [undefined, "Basic YTpi", "Bearer x.y.z", `Bearer ${jwt}`]) {
    const [status, challenge, body] = await ask(bad);
    assert.deepEqual([status, challenge, Object.keys(body)], [401, "Bearer", ["message"]], bad);
    assert.ok(!body.message.includes(jwt), "the message repeats the token");
  }
}

async function proxy(app, t) {
  const page = await open(app, t, { javaScriptEnabled: false });
  const user = await newUser(app, "ada");
  const headers = { "X-Appwrite-Project": project };
  const direct = await (await fetch(`${app.isojot.endpoint}/health/version?a=%2F`, { headers })).json();
  assert.deepEqual(await (await page.request.get("/v1/health/version?a=%2F", { headers })).json(), direct);
  const answer = await page.request.post("/v1/account/sessions/email", { headers, data: { email: user.email, password } });
  assert.deepEqual([answer.status(), (await answer.json()).userId], [201, user.userId]);
  await page.goto("/");
  await shows(page, "#user", user.email);
  const refused = await page.request.post("/v1/account/sessions/email", { headers, data: { email: user.email, password } });
  assert.equal((await refused.json()).type, "user_session_already_exists");
}

// What a page elsewhere can make a browser send: the same fields, with the
// headers that tell where from.
async function foreignForm(app, t) {
  const page = await open(app, t, { javaScriptEnabled: false });
  const user = await newUser(app, "eve");
  const form = await page.locator("form").evaluate((form) => ({ action: form.action, fields: [...new FormData(form)] }));
  const send = (headers) => {
    const body = new FormData();
    for (const [name, value] of form.fields) body.append(name, { email: user.email, password }[name] ?? value);
    return fetch(form.action, { method: "POST", headers, body, redirect: "manual" });
  };
  const own = await send({ origin: app.url, "sec-fetch-site": "same-origin" });
  assert.match(String(own.headers.getSetCookie()), new RegExp(`^${COOKIE}=`)); // so it is not for another reason
  const foreign = await send({ origin: "https://evil.example", "sec-fetch-site": "cross-site" });
  assert.deepEqual([foreign.status >= 400, foreign.headers.getSetCookie()], [true, []]);
}

async function devServer({ browser, folder }, t) {
  const app = { browser, url: await startDevServer(t, folder) };
  // At the first visit it looks for what pages need, and loads them anew. Some
  // keep asking for news of the code, so that the page may never be idle.
  const first = await open(app, t);
  await Promise.race([first.waitForLoadState("networkidle", { timeout: 0 }).catch(() => {}), first.waitForTimeout(20_000)]);
  await first.close();
  const page = await open(app, t);
  const { email } = await signUp(page, "ada");
  const answer = await callBackend(page);
  assert.ok(answer.includes(email), answer);
  assert.deepEqual(page.problems, []);
}
