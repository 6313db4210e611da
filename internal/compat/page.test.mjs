// The demo page, clicked through as a newcomer does.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { startGoServer } from "./support/example.mjs";
import { GO_FUNCTION } from "./support/functions.mjs";
import { startIsojot } from "./support/isojot.mjs";

/** Waits until the answer in that place is in, and returns its status code. */
async function answered(page, id) {
  await page.waitForFunction((id) => /^(ok|refused|failed)$/.test(document.getElementById(id).dataset.state), id);
  return Number(await page.getAttribute(`#${id}`, "data-code"));
}

const status = (page, text) => page.waitForFunction((text) => document.getElementById("status").textContent.includes(text), text);

for (const [name, viewport] of [["desktop", { width: 1280, height: 900 }], ["phone", { width: 390, height: 844 }]]) {
  test(`sign up, sign in, create a JWT and call with it, on a ${name}`, async (t) => {
    const isojot = await startIsojot(t, { args: ["--function", `whoami=${GO_FUNCTION}`] });
    const backend = await startGoServer(t, isojot);
    const page = await newPage(await startChromium(t), { viewport });
    await page.goto(isojot.url);

    await page.fill("#email", "ada@example.com");
    await page.fill("#password", "correct horse battery");
    await page.fill("#name", "Ada");
    await page.click("#sign-up");
    await status(page, "Account of ada@example.com created");
    await page.click("#sign-in");
    await status(page, "Signed in as ada@example.com");
    assert.match(await page.textContent("#user"), /Ada.*ada@example\.com/);

    await page.click("#create-jwt");
    await page.waitForFunction(() => /^\d+:\d\d$/.test(document.getElementById("countdown").textContent.trim()));
    assert.match(await page.textContent("#countdown"), /^\s*(15:00|14:5\d)\s*$/);
    assert.match(await page.textContent("#claims"), /userId.*sessionId.*exp/s);

    for (const [way, code] of [["session", 200], ["jwt", 200], ["guest", 401], ["both", 403]]) {
      await page.click(`#call-${way}`);
      assert.equal(await answered(page, `result-${way}`), code, way);
    }
    assert.match(await page.textContent("#result-guest"), /general_unauthorized_scope/);
    assert.match(await page.textContent("#result-both"), /user_jwt_and_cookie_set/);

    await page.fill("#backend-url", backend);
    await page.click("#call-backend");
    assert.equal(await answered(page, "result-backend"), 200);
    assert.match(await page.textContent("#result-backend"), /ada@example\.com/);

    for (const [way, code] of [["session", 200], ["jwt", 200], ["guest", 401]]) {
      await page.click(`#function-${way}`);
      await page.waitForFunction((way) => document.getElementById(`function-${way}`).getAttribute("aria-busy") !== "true", way);
      assert.equal(await answered(page, "result-function"), code, way);
      const [result, token] = [await page.textContent("#result-function"), await page.textContent("#function-token")];
      assert.match(result, code === 200 ? /Acts for Ada/ : /Nobody is signed in/);
      assert.equal(/userId.*sessionId.*exp/s.test(token), code === 200, `${way}: ${token}`);
    }
    await page.fill("#function-id", "nope");
    await page.click("#function-session");
    await page.waitForFunction(() => document.getElementById("result-function").dataset.type === "function_not_found");
    assert.match(await page.textContent("#result-function"), /the command shown here/);

    // A token is judged as it is, also beside a session by which the SDK would renew it.
    await page.click(".paste summary");
    await page.fill("#paste", "a.forged.token");
    await page.click("#paste-form button");
    await status(page, "Not readable");
    await page.click("#call-jwt");
    await page.waitForFunction(() => document.getElementById("result-jwt").dataset.type === "user_jwt_invalid");
    await page.click("#function-jwt");
    await page.waitForFunction(() => document.getElementById("result-function").dataset.type === "user_jwt_invalid");
    await page.click("#create-jwt");
    await status(page, "JWT");
    await page.click("#call-jwt");
    await page.waitForFunction(() => document.getElementById("result-jwt").dataset.state === "ok");

    await page.click("#sign-out");
    await status(page, "Signed out");
    await page.click("#call-jwt");
    await page.waitForFunction(() => document.getElementById("result-jwt").dataset.state === "refused");
    assert.equal(await answered(page, "result-jwt"), 401, "the JWT died with its session");

    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, "nothing sticks out sideways");
    assert.deepEqual(page.problems, []);
  });
}

/** Starts a proxy that takes a prefix away, whether or not a slash follows it; returns its URL. */
async function startPrefixProxy(t, target, prefix) {
  const { hostname, port } = new URL(target);
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    if (!url.startsWith(prefix)) return outgoing.writeHead(404).end();
    const onward = request({ hostname, port, method, headers, path: url.slice(prefix.length) || "/" }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on("error", (error) => outgoing.destroy(error));
    incoming.pipe(onward);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  t.after(() => (proxy.close(), proxy.closeAllConnections()));
  return `http://127.0.0.1:${proxy.address().port}`;
}

// The page's files, the API and what the server says of itself are found from
// where the page is.
test("the page works below a prefix that a proxy takes away", async (t) => {
  const isojot = await startIsojot(t);
  const browser = await startChromium(t);
  for (const prefix of ["/auth", "/console"]) {
    const proxy = await startPrefixProxy(t, isojot.url, prefix);
    for (const path of [`${prefix}/`, prefix, `${prefix}/console/`, `${prefix}/console`]) {
      const page = await newPage(browser);
      await page.goto(proxy + path);
      await page.waitForFunction(() => document.getElementById("project")?.value === "demo");
      assert.equal(await page.inputValue("#endpoint"), `${proxy}${prefix}/v1`, path);
      await page.fill("#email", `${crypto.randomUUID()}@example.com`);
      await page.fill("#password", "correct horse battery");
      await page.click("#sign-up");
      await status(page, "created");
      await page.close();
    }
  }
});
