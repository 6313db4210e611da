// A page whose program is Go: the typed API of the root package, compiled to
// WebAssembly, without the npm package.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { startGoWasm } from "./support/example.mjs";
import { startIsojot } from "./support/isojot.mjs";

test("examples/go-wasm, clicked through", async (t) => {
  const isojot = await startIsojot(t);
  const url = await startGoWasm(t, isojot);
  const page = await newPage(await startChromium(t));
  await page.goto(url);
  const logged = (text) => page.waitForFunction((text) => document.getElementById("log").textContent.includes(text), text);
  await logged("Go is running");
  for (const [button, text] of [
    ["call-session", "missing scopes"],
    ["sign-up", "created for ada@example.com"],
    ["sign-in", "good until"],
    ["create-jwt", "bound to session"],
    ["call-session", "The server sees ada@example.com"],
    ["call-jwt", "The server sees ada@example.com"],
    ["sign-out", "Signed out"],
    ["call-jwt", "missing scopes"],
  ]) {
    await page.evaluate(() => document.getElementById("log").replaceChildren());
    await page.click(`#${button}`);
    await logged(text);
  }
  assert.deepEqual(page.problems, []);
});
