// Every operation of the services of accounts, users and teams by npm node-appwrite
// 27, unmodified, and by our own package: with an API key, sessions and JWTs, with
// mails, text messages and codes of authenticators. What this version has not is in
// ABSENT, and no operation is in neither.
import { createRequire } from "node:module";
import { before, describe, test } from "node:test";
import { readFile } from "node:fs/promises";
import { ABSENT } from "./support/absent.mjs";
import { root } from "./support/isojot.mjs";
import { count, loadRoutes, programTools, SERVICES } from "./support/routes.mjs";
import { suite } from "./support/suite.mjs";
import { usersRoutes } from "./support/usersroutes.mjs";

// What Appwrite answers with, and the type of node-appwrite has not.
const ODD = { beyond: ["MfaFactors.custom"] };

const require = createRequire(import.meta.url);
const shared = suite();

// What ours has besides: delete is of neither official package, push targets are of appwrite.
const ALSO = ["Account.delete", "Account.createPushTarget", "Account.updatePushTarget", "Account.deletePushTarget"];

async function ours() {
  const sdk = await import(new URL("js/dist/isojot.node.mjs", `file://${root}`));
  await sdk.init({ wasmModule: await WebAssembly.compile(await readFile(`${root}js/dist/isojot.wasm`)) });
  return sdk;
}

describe("every operation that this version has", () => {
  let routes;
  before(async () => (routes = await loadRoutes()));
  for (const [name, load, also] of [["node-appwrite", async () => require("node-appwrite"), []], ["isojot/node", ours, ALSO]]) {
    test(name, async () => {
      const sdk = await load();
      const tools = programTools(sdk, shared.isojot);
      const calls = await routes(sdk, tools);
      calls.push(...(await usersRoutes(sdk, tools)));
      await count({ name, pkg: "server", services: SERVICES, calls, absent: ABSENT.server, also, odd: ODD });
    });
  }
});
