// The app of examples/appwrite-app, which is written for npm appwrite, with
// either import: it does the same in Chromium, and what it asks for tables,
// files and teams is the same.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as vite from "vite";
import { newPage, startChromium } from "../support/chromium.mjs";
import { root } from "../support/isojot.mjs";
import { installPacked } from "../support/packed.mjs";
import { suite } from "../support/suite.mjs";
import { startStandIn } from "../../../examples/appwrite-app/standin/standin.js";

const APP = join(root, "examples", "appwrite-app");
const LINE = 'export * from "isojot";';
const shared = suite();

// What differs from run to run: ids, and the boundary's moment.
const masked = (text) => text.replace(/[0-9a-f]{20}/g, "ID");

/** Builds the app with that import; the folder is the test's. */
async function built(t, name) {
  const folder = await mkdtemp(join(tmpdir(), "isojot-app-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(join(APP, "src"), join(folder, "src"), { recursive: true });
  await cp(join(APP, "index.html"), join(folder, "index.html"));
  const sdk = join(folder, "src", "sdk.js");
  const source = await readFile(sdk, "utf8");
  assert.equal(source.split(LINE).length, 2, "the app says once which package it uses");
  await writeFile(sdk, source.replace(LINE, `export * from "${name}";`));
  const { installed } = await installPacked(t);
  const alias = { isojot: installed, appwrite: join(root, "internal", "compat", "node_modules", "appwrite") };
  await vite.build({ configFile: false, root: folder, logLevel: "silent", resolve: { alias } });
  return join(folder, "dist");
}

/** Does with the app all that it is for; gives what it asked for. */
async function used(t, name) {
  const requests = [];
  const { url, close } = await startStandIn({ endpoint: shared.isojot.endpoint, folder: await built(t, name), record: (request) => requests.push(request) });
  t.after(close);
  const browser = await startChromium(t);
  const page = await newPage(browser);
  await page.goto(url);
  const status = (text) => page.waitForFunction((wanted) => document.getElementById("status").textContent === wanted, text);
  await status("Nobody is signed in");
  await page.fill("#sign-in [name=email]", `${name}@example.com`);
  await page.click("#sign-in [name=up]");
  await status(`Signed in as ${name}@example.com`);
  await page.fill("#new-team input", "Analysts");
  await page.click("#new-team button");
  await page.waitForSelector("#teams li");
  for (const text of ["first", "söcond ✓"]) {
    await page.fill("#new-note input", text);
    await page.click("#new-note button");
    await page.waitForFunction((wanted) => document.querySelector("#notes span")?.textContent === wanted, text);
  }
  await page.click("#notes li:last-child button:text('Done')");
  await page.waitForFunction(() => document.querySelectorAll("#notes li").length === 1);
  await upload(page, "small.png", PICTURE, 1);
  // Of more than one chunk; what comes after the picture is no matter to the browser.
  await upload(page, "large.png", Buffer.concat([PICTURE, Buffer.alloc(11 << 20)]), 2);
  await page.click("#sign-out");
  await status("Nobody is signed in");
  const own = page.problems.filter((text) => !text.startsWith("Appwrite is using localStorage")); // the official package says so
  assert.deepEqual(own, []);
  await page.close();
  return requests.map((request) => masked(JSON.stringify(request)));
}

async function upload(page, name, buffer, count) {
  await page.setInputFiles("#new-picture input", { name, mimeType: "image/png", buffer });
  await page.click("#new-picture button");
  const shown = (wanted) => {
    const pictures = [...document.querySelectorAll("#pictures img")];
    return pictures.length === wanted && pictures.every(({ complete, naturalWidth }) => complete && naturalWidth === 1);
  };
  await page.waitForFunction(shown, count);
}

const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test("one line decides which package the app uses, and it does the same with either", async (t) => {
  const theirs = await used(t, "appwrite");
  const ours = await used(t, "isojot");
  const uploads = theirs.filter((request) => request.startsWith('{"method":"POST","path":"/v1/storage/'));
  assert.equal(uploads.length, 4, "one, and the three chunks of the large file");
  // Several things are asked at once, so that their order is nobody's promise.
  assert.deepEqual(ours.toSorted(), theirs.toSorted());
});
