// The names that the official packages declare, of types too, which are gone
// where the programs that types/ compiles look for what we have not.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./support/isojot.mjs";

const official = (...path) => readFile(join(root, "internal", "compat", "node_modules", ...path), "utf8");
const names = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);

/** What the export lists of an index name, be it a value or a type. */
const exported = (text) =>
  names(text, /^export (?:type )?\{([^}]*)\}/gm).flatMap((list) => names(list, /(?:type )?(\w+)\s*(?:,|$)/g));

/** The exports and the models of ours. */
async function ours(file) {
  const text = await readFile(join(root, "js", file), "utf8");
  const [models] = text.match(/^export namespace Models \{[^]*?\n\}/m);
  return {
    exports: new Set(["Models", ...names(text, /^export (?:class|enum|function|type|interface) (\w+)/gm)]),
    models: new Set(names(models, /^ {2}type (\w+)/gm)),
  };
}

const PACKAGES = [
  { name: "appwrite", file: "index.d.ts", index: ["appwrite", "types", "index.d.ts"], models: ["appwrite", "types", "models.d.ts"], missing: ["RealtimeSubscription"] },
  { name: "node-appwrite", file: "node.d.ts", index: ["node-appwrite", "dist", "index.d.ts"], models: ["node-appwrite", "dist", "models.d.ts"], missing: [] },
];

for (const { name, file, index, models, missing } of PACKAGES) {
  test(`everything that ${name} exports is declared in ${file}`, async () => {
    const theirs = exported(await official(...index));
    assert.ok(theirs.length > 40, `only ${theirs} were found`);
    const { exports } = await ours(file);
    assert.deepEqual([...new Set(theirs)].filter((one) => !exports.has(one)), missing);
  });

  test(`every model of ${name} is declared in ${file}`, async () => {
    const theirs = names(await official(...models), /^ {4}(?:export )?type (\w+)/gm);
    assert.ok(theirs.length > 40, `only ${theirs} were found`);
    const { models: own } = await ours(file);
    assert.deepEqual(theirs.filter((one) => !own.has(one)), []);
  });
}

test("the package for servers declares all that the one for pages does", async () => {
  const [page, server] = [await ours("index.d.ts"), await ours("node.d.ts")];
  for (const of of ["exports", "models"]) assert.deepEqual([...page[of]].filter((one) => !server[of].has(one)), []);
});
