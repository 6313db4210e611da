// The code of the README's chapters, as it stands there: on tokens against a running server, on frameworks beside the
// examples, which `make test-frameworks` builds and runs.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { dist, runNode } from "./support.mjs";

const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;

// Stands in for what the README takes for granted: a browser that remembers the
// session, and a backend.
const BEFORE = `
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  const network = globalThis.fetch;
  globalThis.fetch = (url, init) => url === "https://api.example.com/orders" ? Promise.resolve(Response.json(init.headers.authorization.slice(0, 10))) : network(url, init);
`;

const codeOf = (text) => [...text.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code);

function forThisServer(code) {
  return code
    .replace('from "isojot"', `from ${JSON.stringify(pathToFileURL(dist("isojot.node.mjs")).href)}`)
    .replace("http://127.0.0.1:7519/v1", endpoint)
    .replace('"demo"', JSON.stringify(project))
    .replaceAll("ada@example.com", `${crypto.randomUUID()}@example.com`);
}

test("the first code runs in Node as it is written, without anything around it", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [signUp] = codeOf(readme);
  const { stdout, stderr, exitCode } = await runNode(`${forThisServer(signUp)}\nconsole.log(jwt.split(".").length);`);
  assert.deepEqual([exitCode, stderr, stdout.trim()], [0, "", "3"]);
});

test("what is missing is named before the code is called a replacement", async () => {
  for (const [file, missing] of [["../README.md", "**Not in it**"], ["../../README.md", "parity.md"]]) {
    const text = (await readFile(new URL(file, import.meta.url), "utf8")).toLowerCase();
    const promise = text.search(/drop-?in/);
    assert.ok(promise === -1 || promise > text.indexOf(missing.toLowerCase()), file);
  }
});

test("the code on tokens runs as it is written", async () => {
  assert.ok(endpoint && project, "ISOJOT_ENDPOINT or ISOJOT_PROJECT is not set: run make test-js");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [signUp] = codeOf(readme);
  const blocks = codeOf(readme.split("\n## Tokens\n")[1].split("\n## ")[0]);
  assert.equal(blocks.length, 4);
  const signOut = `await account.deleteSession("current");\n`;
  const { stdout, stderr, exitCode } = await runNode([BEFORE, forThisServer(signUp).replace("new Client()", "new Client({ storage })"), ...blocks, signOut, blocks.at(-1), "unsubscribe();"].join("\n"));
  assert.deepEqual([exitCode, stderr], [0, ""], stdout);
  const [backend, userId, ...rest] = stdout.trim().split("\n");
  assert.equal(backend, "Bearer eyJ");
  assert.deepEqual(rest, [`Hello, ${userId}`, "Goodbye. ", "Please sign in."]);
});

test("the code for frameworks is that of the examples", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const chapter = readme.split("\n## Frameworks\n")[1].split("\n## ")[0];
  const pieces = chapter.split(/^```(?:js)?\n/m); // text and code by turns
  assert.equal(pieces.length, 2 * 7 + 1);
  for (let i = 1; i < pieces.length; i += 2) {
    const [, path] = [...pieces[i - 1].matchAll(/`(examples\/[^`]+\.\w+)`/g)].at(-1);
    const file = await readFile(new URL(`../../${path}`, import.meta.url), "utf8");
    assert.ok(file.includes(pieces[i]), `${path} has no\n${pieces[i]}`);
  }
});
