// One headless Chromium for a test file, and pages that must stay clean.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CANDIDATES = [
  process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** What every Chromium of these tests is started with. */
export const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** The browser's path. */
export function executable() {
  const path = CANDIDATES.find((path) => path && existsSync(path));
  if (!path) throw new Error("no Chromium found: install it, or set CHROMIUM to its path");
  return path;
}

/** Starts the browser; the test closes it. `args` are more of its own, `without` those of the driver to leave out. */
export async function startChromium(t, { args = [], without = [] } = {}) {
  const browser = await chromium.launch({ executablePath: executable(), args: [...FLAGS, ...args], ignoreDefaultArgs: without });
  t.after(() => browser.close());
  return browser;
}

/**
 * A page of a fresh profile, or of `context`. What it throws and logs as an
 * error is in `page.problems`, all that it logs in `page.logged`.
 */
export async function newPage(browser, { context, ...options } = {}) {
  context ??= await browser.newContext(options);
  const page = await context.newPage();
  page.problems = [];
  page.logged = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => {
    // Chromium itself logs every answer of 400 and above.
    const network = message.text().startsWith("Failed to load resource");
    if (!network) page.logged.push(message.text());
    if (!network && ["error", "warning"].includes(message.type())) page.problems.push(message.text());
  });
  return page;
}
