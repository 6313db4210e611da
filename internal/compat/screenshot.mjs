// Makes docs/screenshot.png for the README: npm --prefix internal/compat run screenshot
import { join } from "node:path";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { root, startIsojot } from "./support/isojot.mjs";

test("the demo page, in the middle of its story", async (t) => {
  const isojot = await startIsojot(t, { port: 7519 });
  const page = await newPage(await startChromium(t), { viewport: { width: 1200, height: 1120 } });
  await page.goto(isojot.url);
  await page.fill("#email", "ada@example.com");
  await page.fill("#password", "correct horse battery");
  await page.fill("#name", "Ada Lovelace");
  await page.click("#sign-up");
  await page.waitForFunction(() => document.getElementById("status").textContent.includes("created"));
  await page.click("#sign-in");
  await page.waitForFunction(() => document.getElementById("status").textContent.includes("Signed in"));
  await page.click("#create-jwt");
  await page.waitForFunction(() => document.getElementById("countdown").textContent.includes(":"));
  await page.click("#call-all");
  await page.waitForFunction(() => document.getElementById("result-both").dataset.state === "refused");
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(root, "docs", "screenshot.png") });
});
