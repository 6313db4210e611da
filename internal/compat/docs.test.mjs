// The code for Node in docs/tables-and-files.md, as it stands there, with the JWT
// of a user of the server, and the example's stand-in for tables and files.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { startStandIn } from "../../examples/appwrite-app/standin/standin.js";
import * as sdk from "../../js/dist/isojot.node.mjs";
import { project, root } from "./support/isojot.mjs";
import { clientOf, password, suite } from "./support/suite.mjs";

const shared = suite();

async function codeFor(t, endpoint) {
  const page = await readFile(join(root, "docs", "tables-and-files.md"), "utf8");
  const blocks = [...page.split("\n## Node\n")[1].matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code);
  assert.equal(blocks.length, 2);
  const replaced = [["\"isojot\"", JSON.stringify(pathToFileURL(join(root, "js", "dist", "isojot.node.mjs")).href)], ["https://cloud.appwrite.io/v1", endpoint], ['"shop"', JSON.stringify(project)]];
  const code = replaced.reduce((text, [from, to]) => {
    assert.equal(text.split(from).length, 2, `${from} stands there once`);
    return text.replace(from, to);
  }, blocks.join("\n"));
  const folder = await mkdtemp(join(tmpdir(), "isojot-docs-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "code.mjs"), code);
  return { folder, ...(await import(pathToFileURL(join(folder, "code.mjs")).href)) };
}

async function newUser() {
  const client = clientOf(sdk.Client, shared);
  const account = new sdk.Account(client);
  const email = `${sdk.ID.unique()}@example.com`;
  const { $id } = await account.create({ userId: sdk.ID.unique(), email, password });
  client.setSession((await account.createEmailPasswordSession({ email, password })).secret);
  return { $id, jwt: (await account.getToken()).jwt };
}

test("rows and files of the user whose JWT it is", async (t) => {
  let broken = true;
  const seen = [];
  const record = ({ method, path, range }) => {
    seen.push(`${method} ${path.replace(/\?.*/, "")} ${range ?? ""}`.trim());
    if (range?.startsWith("bytes 5242880-") && broken) throw new Error("the disk is full");
  };
  const { url, close } = await startStandIn({ endpoint: shared.isojot.endpoint, record });
  t.after(close);
  const { folder, popular, write, keep, small } = await codeFor(t, `${url}/v1`);
  const { $id, jwt } = await newUser();
  for (const votes of [5, 10, 15]) await write(jwt, $id, { title: `of ${votes}`, votes });
  assert.deepEqual((await popular(jwt)).map(({ title, votes }) => [title, votes]), [["of 10", 10], ["of 15", 15]]);
  await assert.rejects(popular("a.b.c"), { code: 401 });

  const path = join(folder, "large.bin");
  const bytes = Buffer.alloc(12 << 20, "isojot ");
  await writeFile(path, bytes);
  const resume = {};
  await assert.rejects(keep(jwt, path, resume), { code: 500 });
  broken = false;
  const before = seen.length;
  const file = await keep(jwt, path, resume);
  assert.equal(seen.slice(before).some((line) => line.includes("bytes 0-")), false, "the first chunk is sent once");
  assert.equal(file.chunksUploaded, 3);
  assert.deepEqual(await small(jwt, file.$id), bytes);
});
