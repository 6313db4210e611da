// Where a DOM is emulated under Node, as jsdom and happy-dom do for tests: the
// platform then looks like a page, and is none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { newPageChannels } from "../src/engine/worker/pagechannels.js";
import { dist, runNode } from "./support.mjs";

const BUNDLES = ["isojot.mjs", "isojot.node.mjs"].map((name) => pathToFileURL(dist(name)).href);
const CHANNELS = new URL("../src/engine/worker/pagechannels.js", import.meta.url).href;

// A page's document and storages, and Headers that name headers as the server
// wrote them (happy-dom's do). Set-Cookie is hidden, as from every page.
const DOM = `
  import { readFile } from "node:fs/promises";
  const storage = () => {
    const values = new Map();
    return { getItem: (k) => values.get(k) ?? null, setItem: (k, v) => void values.set(k, String(v)), removeItem: (k) => void values.delete(k) };
  };
  Object.assign(globalThis, { document: {}, localStorage: storage(), sessionStorage: storage() });
  const fetched = globalThis.fetch;
  const written = (name) => name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  const headersOf = (headers) => ({
    get: (name) => headers.get(name),
    [Symbol.iterator]: () => [...headers].filter(([name]) => name !== "set-cookie").map(([name, value]) => [written(name), value])[Symbol.iterator](),
  });
  globalThis.fetch = async (url, init) => {
    const answer = await fetched(url, init);
    const { status, ok } = answer;
    return { status, ok, url: answer.url, headers: headersOf(answer.headers), arrayBuffer: () => answer.arrayBuffer() };
  };
  const { Client, Account, init } = await import(bundle);
  await init({ wasmModule: await WebAssembly.compile(await readFile(new URL("./isojot.wasm", bundle))) });
  const client = new Client().setEndpoint(process.env.ISOJOT_ENDPOINT).setProject(process.env.ISOJOT_PROJECT);
`;

async function inDOM(bundle, code) {
  if (!process.env.ISOJOT_ENDPOINT) throw new Error("ISOJOT_ENDPOINT is not set: run make test-js, or bin/isojot exec -- node --test js/test/*.test.mjs");
  return runNode(`const bundle = ${JSON.stringify(bundle)};${DOM}${code}`);
}

for (const bundle of BUNDLES) {
  test(`${bundle.split("/").pop()} signs in where names of headers keep their case, and lets the process end`, async () => {
    const { stdout, stderr, exitCode, signal } = await inDOM(bundle, `
      const account = new Account(client);
      const session = await account.createAnonymousSession();
      console.log((await account.get()).$id === session.userId, (await account.getToken()).userId === session.userId);`);
    assert.deepEqual([stdout.trim(), stderr, exitCode, signal], ["true true", "", 0, null]);
  });
}

test("listeners of other tabs let the process end, too", async () => {
  const { stdout, exitCode, signal } = await inDOM(BUNDLES[0], `
    client.onAuthChange(() => {});
    await client.account.createAnonymousSession();
    console.log("signed in");`);
  assert.deepEqual([stdout.trim(), exitCode, signal], ["signed in", 0, null]);
});

test("a page's channels for a worker let the process end, and hear until then", async () => {
  const { stdout, exitCode, signal } = await runNode(`
    import { newPageChannels } from ${JSON.stringify(CHANNELS)};
    const heard = Promise.withResolvers?.() ?? (() => { const d = {}; d.promise = new Promise((resolve) => (d.resolve = resolve)); return d; })();
    newPageChannels(globalThis, (channel, text) => heard.resolve(channel + text)).join({ channel: "c", name: "tabs" });
    const other = new BroadcastChannel("tabs");
    other.postMessage("!");
    console.log(await heard.promise);
    other.close();`);
  assert.deepEqual([stdout.trim(), exitCode, signal], ["c!", 0, null]);
});

test("a channel without unref() is a browser's", () => {
  const page = {
    BroadcastChannel: class {
      close() {}
    },
  };
  const channels = newPageChannels(page, () => {});
  channels.join({ channel: 1, name: "tabs" });
  channels.close();
});
