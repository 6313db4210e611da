// The packed package in React's development build: effects that Strict Mode
// runs twice, and modules that Vite's dev server replaces while they run.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import react from "@vitejs/plugin-react";
import * as React from "react";
import * as vite from "vite";
import { newPage, startChromium } from "../support/chromium.mjs";
import { freePort, project, root } from "../support/isojot.mjs";
import { installPacked } from "../support/packed.mjs";
import { suite } from "../support/suite.mjs";

const FOLDER = join(root, "internal", "compat", "frameworks");
const PATIENCE = { timeout: 60_000 };
const shared = suite();
const ends = [];
let packed, browser, url;

before(async () => {
  const owner = { after: (end) => ends.unshift(end) };
  packed = await installPacked(owner);
  await packed.add(join(FOLDER, "react"), "app");
  for (const name of ["react", "react-dom", "scheduler"]) await packed.add(join(FOLDER, "node_modules", name), `node_modules/${name}`);
  const port = await freePort(); // which its WebSocket must be told
  const server = await vite.createServer({ configFile: false, root: join(packed.dir, "app"), plugins: [react()], logLevel: "silent", server: { host: "127.0.0.1", port } });
  owner.after(() => server.close());
  await server.listen();
  url = `http://localhost:${port}`;
  browser = await startChromium(owner);
});
after(async () => {
  for (const end of ends) await end();
});

/** A page that knows the Go programs it has started, by their memory; only those of the page itself, not of workers. */
async function open(t, path) {
  const page = await newPage(browser);
  t.after(() => page.context().close());
  await page.addInitScript(() => {
    globalThis.programs = [];
    const { instantiateStreaming } = WebAssembly;
    WebAssembly.instantiateStreaming = async (...args) => {
      const result = await instantiateStreaming(...args);
      programs.push(new WeakRef(result.instance.exports.mem));
      return result;
    };
    globalThis.rejections = [];
    addEventListener("unhandledrejection", ({ reason }) => rejections.push(String(reason)));
  });
  await page.goto(`${url}${path}#${encodeURIComponent(`${shared.isojot.endpoint} ${project}`)}`);
  return page;
}

const shows = (page, selector, text) => page.locator(selector, { hasText: text }).waitFor(PATIENCE);
const textOf = (page, selector) => page.locator(selector).textContent();

/** Asserts how many of what a page counts are left, once the garbage is collected. */
async function left(page, count, goal) {
  let number;
  for (let i = 0; i < 40 && (number = await page.evaluate(count)) > goal; i++) await page.requestGC();
  assert.equal(number, goal, String(count));
}

const programs = () => globalThis.programs.filter((program) => program.deref()).length;
const handles = () => globalThis.stats().handles;

async function isClean(page) {
  assert.deepEqual([await page.evaluate(() => rejections), page.problems], [[], []]);
}

async function signIn(page) {
  await shows(page, "#user", "nobody");
  await page.click("#sign-in");
  await page.waitForFunction(() => !/^(nobody|loading)$/.test(document.querySelector("#user").textContent), null, PATIENCE);
  return textOf(page, "#user");
}

/** Changes a module as its author would. */
async function edit(file, from, to) {
  const path = join(packed.dir, "app", file);
  const code = await readFile(path, "utf8");
  assert.equal(code.split(from).length, 2, `${file} has not one ${from}`);
  await writeFile(path, code.replace(from, to));
}

for (const [where, query, workers] of [["in the page", "", 0], ["in a worker", "?worker", 1]]) {
  test(`React ${React.version}, Strict Mode: 20 times mounted and unmounted, with the program ${where}`, async (t) => {
    const page = await open(t, `/index.html${query}`);
    const user = await signIn(page);
    assert.equal(await page.evaluate(() => effects), 2, "Strict Mode runs effects twice");
    for (let i = 1; i <= 20; i++) {
      await page.evaluate(() => show(false));
      await page.locator("#away").waitFor(PATIENCE);
      await page.evaluate(() => show(true));
      await shows(page, "#user", user);
    }
    assert.equal(await page.evaluate(() => effects), 2 + 20 * 2);
    await left(page, programs, 1 - workers);
    await left(page, handles, 1);
    assert.equal(page.workers().length, workers);
    await page.evaluate(() => show(false));
    await page.locator("#away").waitFor(PATIENCE);
    await page.waitForFunction(() => stats().memory === 0, null, PATIENCE);
    await left(page, programs, 0);
    await isClean(page);
  });
}

test(`Vite ${vite.version}, hot reload: an edited component whose effect has the client`, async (t) => {
  const page = await open(t, "/index.html");
  const user = await signIn(page);
  await page.evaluate(() => (globalThis.since = "before"));
  await edit("session.jsx", "Hello, ", "Welcome, ");
  await shows(page, "p", `Welcome, ${user}`);
  await left(page, programs, 1);
  await left(page, handles, 1);
  assert.equal(await page.evaluate(() => since), "before", "the page was loaded anew");
  await isClean(page);
});

test(`Vite ${vite.version}, hot reload: an edited component, and then the module that has its client`, async (t) => {
  const page = await open(t, "/kept.html");
  const user = await signIn(page);
  await page.click("#count");
  await shows(page, "#count", "1");
  await page.evaluate(() => (globalThis.since = "before"));

  await edit("greeting.jsx", "Hello,", "Welcome,");
  await shows(page, "#greeting", "Welcome,");
  assert.deepEqual([await textOf(page, "#count"), await textOf(page, "#user")], ["1", user], "its state is kept");

  await edit("client.js", "first", "second");
  await shows(page, "#client", "second");
  await page.click("#count");
  await shows(page, "#count", "2");
  assert.equal(await textOf(page, "#user"), user);
  assert.equal(await page.evaluate(() => globalThis.programs.length), 1, "it was initialised again");
  await left(page, programs, 1);
  // Browsers keep each module that was ever loaded, and so the first's client.
  await left(page, handles, 2);
  assert.equal(await page.evaluate(() => since), "before", "the page was loaded anew");
  await isClean(page);
});
