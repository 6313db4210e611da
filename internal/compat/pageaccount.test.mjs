// Step 4 of the demo page: every flow of an account, clicked through from the
// form to the mail in the panel and back by its link.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { startIsojot } from "./support/isojot.mjs";

const shared = {};
const ends = [];
const PASSWORD = "correct horse battery";

before(async () => {
  const owner = { after: (end) => ends.unshift(end) };
  shared.isojot = await startIsojot(owner, { args: ["--limits", "off"] });
  shared.browser = await startChromium(owner);
});
after(async () => {
  for (const end of ends) await end();
});

const status = (page, text) => page.waitForFunction((text) => document.getElementById("status").textContent.includes(text), text);

/** Opens the page in a profile of its own. */
async function open(t, options) {
  const page = await newPage(shared.browser, options);
  page.hosts = new Set();
  t.after(() => page.context().close());
  page.on("request", (request) => page.hosts.add(new URL(request.url()).host));
  await page.goto(shared.isojot.url);
  await status(page, "Ready");
  return page;
}

/** Signs up and in with a new address, which it returns. */
async function join(page, name = "Ada") {
  const email = `${name.toLowerCase()}-${crypto.randomUUID()}@example.com`;
  await page.fill("#email", email);
  await page.fill("#password", PASSWORD);
  await page.fill("#name", name);
  await page.click("#sign-up");
  await status(page, "created");
  await page.click("#sign-in");
  await status(page, `Signed in as ${email}`);
  return email;
}

const signOut = async (page) => {
  await page.click("#sign-out");
  await status(page, "Signed out");
};

/** Opens one of the topics, of which one is open at a time. */
async function topic(page, name) {
  if ((await page.getAttribute(`#topic-${name}`, "open")) === null) await page.click(`#topic-${name} summary`);
}

/** The newest message to an address or number, as the panel shows it, among those that say this. */
async function message(page, to, subject = "") {
  const found = page.locator(`#messages li[data-to="${to}"]`).filter({ hasText: subject });
  await found.first().waitFor();
  return found.first();
}

/** Follows the link of a message, and returns it: the panel must have asked, and the address be clean. */
async function follow(page, to, subject) {
  const link = (await message(page, to, subject)).locator("a");
  const href = await link.getAttribute("href");
  await link.click();
  await page.waitForSelector("#arrival:not([hidden])");
  await status(page, "Ready");
  assert.equal(page.url(), `${shared.isojot.url}/`, "the secret is out of the address bar");
  const { secret } = Object.fromEntries(new URL(href).searchParams);
  assert.ok(secret.length >= 64, href);
  return secret;
}

const code = async (page, to, subject) => (await message(page, to, subject)).locator("[data-code]").first().getAttribute("data-code");

/** Asserts that the page logged nothing, asked no server but its own, and shows none of the secrets outside the mail. */
async function isClean(page, ...secrets) {
  const shown = await page.evaluate(() => {
    const copy = document.body.cloneNode(true);
    copy.querySelector("#mail").remove();
    return [location.href, JSON.stringify(history.state), copy.textContent, ...Object.values(localStorage), ...Object.values(sessionStorage)].join("\n");
  });
  for (const secret of secrets) assert.ok(!shown.includes(secret), "a secret is shown or kept");
  const foreign = [...page.hosts].filter((host) => host !== new URL(shared.isojot.url).host && host !== new URL(page.url()).host);
  assert.deepEqual([page.problems, foreign], [[], []]);
}

/** The code of an authenticator, so many half minutes from now. */
function totp(secret, ahead = 0) {
  const bits = [...secret].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac("sha1", key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, "0");
}

test("the panel says how mail gets there, and what happens with an SMTP server", async (t) => {
  const page = await open(t);
  await page.waitForFunction(() => /--dev, without an SMTP server/.test(document.getElementById("mail-none").textContent));
  const sending = await startIsojot(t, { args: ["--smtp-url", "smtp://127.0.0.1:9", "--mail-from", "noreply@example.com"] });
  await page.goto(sending.url);
  // The server's answer: before it, the panel says the rest alone.
  await page.waitForFunction(() => /can be read here in development mode alone/.test(document.getElementById("mail-none").textContent));
  assert.match(await page.textContent("#mail-none"), /With an SMTP server, mail goes to people/);
  await isClean(page);
});

for (const [name, viewport] of [["desktop", { width: 1280, height: 900 }], ["phone", { width: 390, height: 844 }]]) {
  test(`verify the address, then recover the password, on a ${name}`, async (t) => {
    const page = await open(t, { viewport });
    const email = await join(page);
    await topic(page, "verify");
    await page.click("#verify >> text=Mail a link");
    const verify = await follow(page, email, "Verification");
    await page.click("#arrival-form >> text=Verify the address");
    await status(page, "The address is verified");
    await topic(page, "verify");
    await page.waitForSelector("#verify .badge.ok");
    await isClean(page, verify);

    await signOut(page);
    await topic(page, "ways");
    await page.fill("#way-email", email);
    await page.click("#way-recovery");
    const recover = await follow(page, email, "Password Reset");
    const chosen = " another horse battery "; // a password is never trimmed
    await page.fill("#arrival-form input", chosen);
    await page.click("#arrival-form >> text=Set the password");
    await status(page, "The password is changed");
    await isClean(page, recover, chosen);
    await page.fill("#email", email);
    await page.fill("#password", PASSWORD);
    await page.click("#sign-in");
    await status(page, "user_invalid_credentials");
    await page.fill("#password", chosen);
    await page.click("#sign-in");
    await status(page, `Signed in as ${email}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, "nothing sticks out sideways");
    await isClean(page, verify, recover, chosen);
  });
}

test("a magic link signs in once, and not before it is told to", async (t) => {
  const page = await open(t);
  const email = `magic-${crypto.randomUUID()}@example.com`;
  await page.fill("#way-email", email);
  await page.click("#way-magic");
  const secret = await follow(page, email);
  assert.equal(await page.textContent("#strip-session-text"), "Nobody signed in");
  await page.click("#arrival-form >> text=Sign in");
  await status(page, `Signed in as ${email}`);
  await isClean(page, secret);
  await signOut(page);
  await follow(page, email);
  await page.click("#arrival-form >> text=Sign in");
  await status(page, "user_invalid_token: Invalid token passed in the request.");
});

test("a code by mail signs in, a wrong one does not, and the wire shows neither", async (t) => {
  const page = await open(t);
  const email = `code-${crypto.randomUUID()}@example.com`;
  await page.fill("#way-email", email);
  await page.click("#way-code");
  await status(page, "The code is in the mail");
  const right = await code(page, email);
  await page.fill("#way-code-box input", right === "000000" ? "000001" : "000000");
  await page.click("#way-code-box button");
  await status(page, "user_invalid_token");
  await page.fill("#way-code-box input", right);
  await page.click("#way-code-box button");
  await status(page, `Signed in as ${email}`);
  for (const route of ["tokens/email", "sessions/token"]) assert.ok((await page.textContent("#exchanges")).includes(`/v1/account/${route}`), route);
  await isClean(page, right);
});

test("a code by text message signs in and verifies a phone", async (t) => {
  const page = await open(t);
  const phone = `+1415${String(Math.floor(Math.random() * 1e7)).padStart(7, "0")}`;
  await page.fill("#way-phone", phone);
  await page.click("#way-text");
  await status(page, "The code is in a text message");
  await page.fill("#way-code-box input", await code(page, phone));
  await page.click("#way-code-box button");
  await status(page, `Signed in as ${phone}`);
  await signOut(page);

  await join(page, "Grace");
  await topic(page, "verify");
  const other = `+1415${String(Math.floor(Math.random() * 1e7)).padStart(7, "0")}`;
  await page.fill("#verify input[name=phone]", other);
  await page.fill("#verify input[name=password]", PASSWORD);
  await page.click("#verify >> text=Change the phone");
  await status(page, "The phone is changed");
  await page.click("#verify >> text=Text a code");
  await page.fill("#verify-code input", await code(page, other));
  await page.click("#verify-code button");
  await status(page, "The phone is verified");
  await isClean(page);
});

test("the toy provider signs in, and its refusal is told", async (t) => {
  const page = await open(t);
  const email = `toy-${crypto.randomUUID()}@example.com`;
  await page.click("#way-toy");
  await page.click("text=Refuse");
  await status(page, "Ready");
  assert.match(await page.textContent("#arrival-text"), /ended without a session\. The server says: user_oauth2_\w+\./);
  assert.equal(page.url(), `${shared.isojot.url}/`);
  await page.click("#arrival-form >> text=Close");

  await page.click("#way-toy");
  await page.fill("input[name=email]", email);
  await page.click("button:has-text('Sign in')");
  await status(page, "Ready");
  assert.equal(page.url(), `${shared.isojot.url}/`);
  assert.match(await page.textContent("#user"), new RegExp(email));
  assert.match(await page.textContent("#sessions"), /dev ·/);
  await isClean(page);
});

test("an authenticator and recovery codes are the second factor", async (t) => {
  const page = await open(t);
  const email = await join(page, "Mary");
  await topic(page, "factors");
  await page.click("#factors >> text=Add an authenticator");
  const secret = await page.textContent("#totp-secret");
  assert.match(await page.textContent("#totp-uri"), /^otpauth:\/\/totp\//);
  await page.click("#factors-work >> text=Fill in what it shows now");
  await status(page, "Filled in");
  const filled = await page.inputValue("#factors-work input");
  assert.ok([totp(secret, -1), totp(secret)].includes(filled), filled);
  await page.click("#factors-work >> text=Confirm");
  await status(page, "The authenticator is confirmed");
  await page.click("#factors >> text=Create recovery codes");
  await status(page, "recovery codes are shown");
  const codes = (await page.textContent("#recovery-codes")).split(" ");
  assert.equal(codes.length, 6);
  await page.click("#factors >> text=Ask at sign-in");
  await status(page, "are asked for a second factor");
  await isClean(page, secret, ...codes);
  await signOut(page);

  const signIn = async () => {
    await page.fill("#email", email);
    await page.fill("#password", PASSWORD);
    await page.click("#sign-in");
    await status(page, "The first factor is right");
  };
  await signIn();
  assert.equal(await page.textContent("#strip-session-text"), "Second factor missing");
  await page.reload(); // the session is still without it
  await page.click("#factor >> text=Recovery code");
  await page.fill("#factor input", codes[0]);
  await page.click("#factor >> text=Show the factor");
  await status(page, `Signed in as ${email}`);

  await signOut(page);
  await signIn();
  await page.click("#factor >> text=Authenticator");
  await page.fill("#factor input", "000000");
  await page.click("#factor >> text=Show the factor");
  await status(page, "user_invalid_token");
  await page.fill("#factor input", totp(secret, 1)); // that of now is spent
  await page.click("#factor >> text=Show the factor");
  await status(page, `Signed in as ${email}`);
  await topic(page, "factors");
  await page.click("#factors >> text=Remove it");
  await status(page, "The authenticator is removed");
  await isClean(page, secret, ...codes);
});

test("a team is made, another joins it by mail, gets roles and leaves", async (t) => {
  const page = await open(t);
  const owner = await join(page, "Ada");
  await topic(page, "teams");
  await page.fill("#teams input[name=name]", "Engines");
  await page.click("#teams >> text=Create a team");
  await status(page, "The team Engines is there");
  const guest = `grace-${crypto.randomUUID()}@example.com`;
  await page.fill(".team input[name=email]", guest);
  await page.click(".team >> text=Invite");
  await status(page, "The invitation to Engines is in the mail");
  await page.waitForSelector(".team .badge.warn");
  await message(page, guest);
  await signOut(page);

  const secret = await follow(page, guest);
  assert.match(await page.textContent("#arrival-text"), /the team Engines/);
  await page.click("#arrival-form >> text=Accept");
  await status(page, "Now a member of Engines");
  assert.match(await page.textContent("#user"), new RegExp(guest));
  await isClean(page, secret);
  await signOut(page);

  await page.fill("#email", owner);
  await page.fill("#password", PASSWORD);
  await page.click("#sign-in");
  await status(page, `Signed in as ${owner}`);
  await topic(page, "teams");
  const line = page.locator(".team li").filter({ hasNotText: "You" });
  await line.locator("input[name=roles]").fill("member, pilot");
  await line.locator("button").click();
  await status(page, "The roles are set");
  await page.waitForFunction(() => [...document.querySelectorAll(".team input[name=roles]")].some(({ value }) => value === "member, pilot"));

  await signOut(page);

  await topic(page, "ways");
  await page.fill("#way-email", guest);
  await page.click("#way-code");
  await status(page, "The code is in the mail");
  await page.fill("#way-code-box input", await code(page, guest, "OTP"));
  await page.click("#way-code-box button");
  await status(page, `Signed in as ${guest}`);
  await topic(page, "teams");
  await page.waitForSelector(".team");
  assert.match(await page.textContent(".team"), /You.*member, pilot/s);
  assert.equal(await page.locator(".team input").count(), 0, "who is no owner changes nothing");
  await page.click(".team >> text=Leave");
  await status(page, "You left Engines");
  assert.equal(await page.locator(".team").count(), 0);
  await isClean(page);
});

test("it works by keyboard alone", async (t) => {
  const page = await open(t);
  const email = `keys-${crypto.randomUUID()}@example.com`;
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.focus("#topic-ways summary");
  await press("Tab");
  await page.keyboard.type(email);
  await press("Enter"); // the form's first: a magic link
  await (await message(page, email)).waitFor();
  await (await message(page, email)).locator("a").focus();
  await press("Enter");
  await page.waitForSelector("#arrival:not([hidden])");
  await status(page, "Ready");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Sign in");
  await press("Enter");
  await status(page, `Signed in as ${email}`);
  await page.focus("#topic-verify summary");
  await press("Enter", "Tab");
  assert.equal(await page.evaluate(() => document.activeElement.closest("details").id), "topic-verify");
  await isClean(page);
});
