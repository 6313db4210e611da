// What goes wrong in pages: each answer names the fix.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { freePort, project, root, startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";

/** Runs account.get() with the endpoint and what init() is given, and returns how it fails. */
async function failure(page, endpoint, options) {
  return page.evaluate(
    async ([endpoint, project, options]) => {
      const client = new isojot.Client().setEndpoint(endpoint).setProject(project);
      try {
        if (options) await isojot.init(options);
        await client.account.get();
      } catch (error) {
        return { name: error.name, code: error.code, type: error.type, message: error.message };
      }
    },
    [endpoint, project, options],
  );
}

test("endpoints that are not the API", async (t) => {
  const isojot = await startIsojot(t);
  const pages = await startPages(t, { "/": html("/sdk/isojot.js"), "/page/v1/account": { type: "text/html", body: "<p>hello" } });
  const page = await newPage(await startChromium(t));
  await page.goto(pages);
  const dead = `http://localhost:${await freePort()}/v1`;

  const down = await failure(page, dead);
  assert.deepEqual([down.name, down.code, down.type], ["AppwriteException", 0, "client_network"]);
  assert.match(down.message, /no answer from GET .*Check the connection, that the server runs and that the endpoint is right/s);

  const web = await failure(page, `${pages}/page/v1`);
  assert.deepEqual([web.code, web.type], [200, "client_bad_response"]);
  assert.match(web.message, /answered 200 with text\/html instead of the API's JSON: check the endpoint/);

  const noVersion = await failure(page, isojot.url);
  assert.match(noVersion.message, /endpoint|Route not found/);
  assert.match((await failure(page, "http://")).message, /endpoint: "http:\/\/" names no host/);
  assert.match((await page.evaluate(() => new isojot.Client().setEndpoint("http://x/v1").account.get().catch((error) => error.message))), /project: empty; pass the project's id/);
});

test("an origin that the server does not know", async (t) => {
  const isojot = await startIsojot(t);
  const foreign = await startPages(t, { "/": html("/sdk/isojot.js") }, "foreign.localhost");
  const page = await newPage(await startChromium(t));
  await page.goto(foreign);
  const unknown = await failure(page, isojot.endpoint);
  assert.equal(unknown.type, "client_network");
  assert.match(unknown.message, /--allow-origin/);

  const answer = await fetch(`${isojot.endpoint}/account`, { headers: { Origin: foreign, "X-Appwrite-Project": project } });
  const body = await answer.json();
  assert.deepEqual([answer.status, body.type], [403, "general_unknown_origin"]);
  assert.match(body.message, /foreign\.localhost/);

  const open = await startIsojot(t, { args: ["--allow-origin", foreign] });
  assert.equal((await failure(page, open.endpoint)).type, "general_unauthorized_scope");
});

test("a WebAssembly file that is none", async (t) => {
  const wasm = await readFile(join(root, "js", "dist", "isojot.wasm"));
  const pages = await startPages(t, {
    "/": html("/sdk/isojot.js"),
    "/spa.wasm": { type: "text/html", body: "<!doctype html><p>index" },
    "/gone.wasm": { status: 410, type: "text/plain", body: "gone" },
    "/untyped.wasm": { type: "application/octet-stream", body: wasm },
  });
  const isojot = await startIsojot(t);
  const page = await newPage(await startChromium(t));
  await page.goto(pages);

  const spa = await failure(page, isojot.endpoint, { wasmURL: `${pages}/spa.wasm` });
  assert.match(spa.message, /spa\.wasm/);
  assert.match(spa.message, /text\/html/);
  const gone = await failure(page, isojot.endpoint, { wasmURL: `${pages}/gone.wasm` });
  assert.match(gone.message, /410/);
  // The failures are forgotten, and the wrong type is good enough.
  const untyped = await failure(page, isojot.endpoint, { wasmURL: `${pages}/untyped.wasm` });
  assert.equal(untyped.type, "general_unauthorized_scope");
  assert.deepEqual(page.problems, []);
});
