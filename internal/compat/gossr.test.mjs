// Pages that a Go program renders, with JavaScript off: forms, redirects and
// one cookie.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { startGoSSR } from "./support/example.mjs";
import { startIsojot } from "./support/isojot.mjs";

const password = "analytical-engine";
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0";

test("examples/go-ssr, clicked through without JavaScript", async (t) => {
  const isojot = await startIsojot(t);
  const url = await startGoSSR(t, isojot);
  const browser = await startChromium(t);
  const page = await newPage(browser, { javaScriptEnabled: false, userAgent: firefox });
  const heading = (name) => page.getByRole("heading", { level: 1, name }).waitFor();
  const path = () => new URL(page.url()).pathname;

  await page.goto(url);
  await heading("Sign in");
  await page.getByRole("link", { name: "Create one" }).click();
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail address").fill("ada@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await heading("Your notes");
  assert.equal(path(), "/");
  const seenAs = await page.locator("#seen-as").textContent();
  assert.match(seenAs, /^\w+$/);
  assert.match(await page.locator("tr.current").textContent(), /Firefox on .*Linux \(here\)/);
  await page.getByLabel("New note").fill("punched cards <script>document.title = 'no'</script>");
  await page.getByRole("button", { name: "Keep it" }).click();
  assert.equal(await page.getByRole("listitem").textContent(), "punched cards <script>document.title = 'no'</script>");

  const [cookie, ...others] = await page.context().cookies();
  assert.deepEqual(others, []);
  const { name, httpOnly, sameSite, secure, domain } = cookie;
  assert.deepEqual({ name, httpOnly, sameSite, secure, domain }, { name: "a_session_demo", httpOnly: true, sameSite: "Lax", secure: false, domain: "localhost" });
  assert.ok(cookie.expires > Date.now() / 1000 + 364 * 24 * 3600);

  // Longer than a JWT lives, by the auth server's clock.
  await isojot.advance("20m");
  await page.reload();
  await heading("Your notes");
  assert.equal(await page.locator("#seen-as").textContent(), seenAs);

  await page.getByRole("button", { name: "Sign out" }).click();
  await heading("Sign in");
  assert.deepEqual(await page.context().cookies(), []);
  await page.getByLabel("E-mail address").fill("ada@example.com");
  await page.getByLabel("Password").fill("difference-engine");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").filter({ hasText: "the password is wrong" }).waitFor();
  assert.equal(await page.getByLabel("E-mail address").inputValue(), "ada@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await heading("Your notes");

  // Ended elsewhere, it is out at the next request.
  const session = decodeURIComponent((await page.context().cookies())[0].value);
  const headers = { "X-Appwrite-Project": "demo", "X-Appwrite-Session": session };
  const answer = await fetch(`${isojot.endpoint}/account/sessions`, { method: "DELETE", headers });
  assert.equal(answer.status, 204);
  await page.reload();
  await heading("Sign in");
  assert.deepEqual(page.problems, []);
});

test("a page of another site cannot send the forms", async (t) => {
  const isojot = await startIsojot(t);
  const url = await startGoSSR(t, isojot);
  const page = await newPage(await startChromium(t), { javaScriptEnabled: false });
  await page.goto(`${url}signup`);
  await page.getByLabel("E-mail address").fill("ada@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Your notes" }).waitFor();
  // Another port of the same host: its requests carry the cookie all the same.
  await page.route(`${isojot.url}/trap`, (route) =>
    route.fulfill({ contentType: "text/html", body: `<form method="post" action="${url}notes"><input name="text" value="spam"><button>Win</button></form>` }),
  );
  await page.goto(`${isojot.url}/trap`);
  const [answer] = await Promise.all([page.waitForResponse(`${url}notes`), page.getByRole("button", { name: "Win" }).click()]);
  assert.equal(answer.status(), 403);
  assert.match((await answer.request().allHeaders()).cookie, /^a_session_demo=/);
  await page.goto(url);
  assert.equal(await page.getByRole("listitem").count(), 0);
});

test("a script of the page shares the session, and cannot read it", async (t) => {
  const isojot = await startIsojot(t);
  const url = await startGoSSR(t, isojot);
  // The pages' policy forbids scripts; the test's own are let in.
  const page = await newPage(await startChromium(t), { bypassCSP: true });
  await page.goto(`${url}login`);
  await page.addScriptTag({ url: `${isojot.url}/isojot.js` });
  const seen = await page.evaluate(async () => {
    const { account } = new isojot.Client().setEndpoint(`${location.origin}/v1`).setProject("demo");
    const { userId } = await account.createAnonymousSession();
    const token = await account.getToken();
    const user = await account.get();
    return { userId, tokens: typeof token.jwt, user: user.$id, cookies: document.cookie, stored: JSON.stringify({ ...localStorage }) };
  });
  assert.equal(seen.user, seen.userId);
  assert.equal(seen.tokens, "string");
  assert.equal(seen.cookies, "");
  assert.doesNotMatch(seen.stored, /secret|cookieFallback|a_session/);
  await page.goto(url);
  assert.equal(await page.locator("#seen-as").textContent(), seen.userId);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.deepEqual(page.problems, []);
});
