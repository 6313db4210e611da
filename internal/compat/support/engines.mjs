// Three browser engines, each with pages of fresh profiles: Chromium by
// playwright-core, Firefox by WebDriver BiDi, WebKitGTK by WebDriver.
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { newPage, startChromium } from "./chromium.mjs";
import { startWebKit } from "./webkit.mjs";

const FIREFOX = [
  process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox",
];

// What Firefox itself logs of requests, for which Chromium has a line, too.
const FIREFOX_NETWORK = /^(Cookie “|Cross-Origin Request Blocked: |(Loading Worker|Script) from “.* was blocked because of a disallowed MIME type)/;

/**
 * The engines by name. start(t) gives { version, open }; open(url) opens a page
 * of a profile of its own and gives { logged, close }, where `logged` is what
 * the browser itself says that the page wrote, as far as its driver tells.
 */
export const engines = { Chromium: { start: chromium }, Firefox: { start: firefox }, WebKit: { start: startWebKit, absent: webkitAbsent() } };

async function chromium(t) {
  const browser = await startChromium(t);
  const open = async (url) => {
    const page = await newPage(browser);
    await page.goto(url);
    return { logged: page.logged, close: () => page.context().close() };
  };
  return { version: browser.version(), open };
}

async function firefox(t) {
  const executablePath = FIREFOX.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Firefox found: install it, or set FIREFOX to its path");
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, timeout: 120_000, protocolTimeout: 120_000 });
  t.after(() => browser.close());
  const open = async (url) => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const logged = [];
    page.on("console", (message) => logged.push(message.text()));
    page.on("pageerror", (error) => FIREFOX_NETWORK.test(error.message) || logged.push(error.message));
    await page.goto(url);
    return { logged, close: () => context.close() };
  };
  return { version: (await browser.version()).split("/").at(-1), open };
}

// Only Linux has a WebKit that a program may drive without being asked.
function webkitAbsent() {
  return process.platform === "linux" ? undefined : `WebKitGTK's driver is for Linux, and this is ${process.platform}`;
}
