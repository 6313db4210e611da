// Pages that name the hashes of what they load, as the package's README says.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { root } from "./support/isojot.mjs";
import { startPages } from "./support/pages.mjs";

const page = (integrity) => ({
  type: "text/html",
  body: `<!doctype html><meta charset="utf-8"><title>test</title><script src="/sdk/isojot.js" integrity="${integrity}" crossorigin="anonymous"></script>`,
});

test("the hashes of the build are taken, and with others nothing runs", async (t) => {
  const hashes = JSON.parse(await readFile(join(root, "js", "dist", "integrity.json"), "utf8"));
  const pages = await startPages(t, { "/right": page(hashes["isojot.js"]), "/wrong": page(hashes["isojot.mjs"]) });
  const browser = await startChromium(t);

  const right = await newPage(browser);
  await right.goto(`${pages}/right`);
  const load = (integrity) =>
    right.evaluate(async (integrity) => {
      const answer = await fetch("/sdk/isojot.wasm", { integrity });
      await isojot.init({ wasmModule: await WebAssembly.compileStreaming(answer) });
      return isojot.stats().memory > 0;
    }, integrity);
  assert.equal(await load(hashes["isojot.wasm"]), true);
  assert.deepEqual(right.logged, []);
  await assert.rejects(load(hashes["isojot.js"]), /TypeError/);

  const wrong = await newPage(browser);
  await wrong.goto(`${pages}/wrong`);
  assert.equal(await wrong.evaluate(() => typeof isojot), "undefined");
  assert.ok(wrong.problems.some((text) => /integrity/.test(text)), wrong.problems.join());
});
