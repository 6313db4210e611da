// Frameworks wrap what an app hands them in a Proxy (Vue's reactive(), ref() and
// data()), or copy it. Whatever users hold of the package works on through both.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { reactive, ref } from "@vue/reactivity";
import { json, refused, startRecorder } from "./support/recorder.mjs";

const root = new URL("../../", import.meta.url);

// Wraps all objects within, as often as they are asked for, and knows no exception.
const deep = (object) =>
  new Proxy(object, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver);
      return typeof value === "object" && value !== null && Object.isExtensible(value) ? deep(value) : value;
    },
  });

const WRAPPERS = {
  "reactive()": (object) => reactive({ object }).object,
  "ref()": (object) => ref(object).value,
  "a list in reactive()": (object) => reactive([object])[0],
  "a deep Proxy": deep,
  "a copy": (object) => Object.assign(Object.create(Object.getPrototypeOf(object)), object),
};

for (const build of ["isojot.mjs", "isojot.node.mjs"]) {
  describe(build, () => {
    const ends = [];
    let isojot;
    let recorder;
    before(async () => {
      recorder = await startRecorder({ after: (end) => ends.push(end) });
      isojot = await import(new URL(`js/dist/${build}`, root));
      await isojot.init({ wasmModule: await WebAssembly.compile(await readFile(new URL("js/dist/isojot.wasm", root))) });
    });
    after(async () => {
      ends.forEach((end) => end());
      await isojot.dispose();
    });

    const newClient = () => new isojot.Client().setEndpoint(recorder.endpoint).setProject("demo").setSession("the-session");

    for (const [name, wrap] of Object.entries(WRAPPERS)) {
      test(`a client in ${name}`, async () => {
        const client = wrap(newClient());
        recorder.usual = json({ $id: "u" });
        assert.equal((await client.account.get()).$id, "u");
        assert.equal((await new isojot.Account(client).get()).$id, "u");
        client.setProject("other").setLocale("de");
        client.headers = { a: "1" };
        client.headers.b = "2";
        await client.functions.createExecution("f", "body");
        await client.call("get", new URL(`${recorder.endpoint}/teams`), { "X-Appwrite-Project": "other" });
        await client.ping();
        for (const { headers } of recorder.take().slice(2)) {
          assert.deepEqual([headers["x-appwrite-project"], headers["x-appwrite-locale"], headers.a, headers.b], ["other", "de", "1", "2"]);
        }
        assert.deepEqual([client.config.project, client.getHeaders().a, client.account.peekToken()], ["other", "1", null]);
        client.onAuthChange(() => {})();
        await assert.rejects(client.account.getToken(), isojot.AppwriteException);
        recorder.take();
      });

      test(`every service in ${name}`, async () => {
        recorder.usual = json({});
        const client = newClient();
        for (const [exported, Service] of Object.entries(isojot)) {
          const method = typeof Service === "function" && Service.prototype && Object.getOwnPropertyNames(Service.prototype).find((member) => /^(list|get)[A-Z]/.test(member));
          if (!method || exported === "Client") continue;
          const service = wrap(new Service(client));
          const given = Object.fromEntries(["databaseId", "tableId", "collectionId", "functionId", "siteId", "bucketId", "teamId", "appId", "code", "type", "webhookId", "policyId"].map((id) => [id, "x"]));
          const call = async () => service[method](given);
          await call().catch((error) => assert.ok(error instanceof isojot.AppwriteException, `${exported}.${method}: ${error}`));
        }
        assert.ok(recorder.take().length > 5);
      });

      test(`an error, and what makes texts, in ${name}`, async () => {
        recorder.usual = refused(404, "general_route_not_found", "Route not found");
        const error = wrap(await newClient().account.get().then(assert.fail, (error) => error));
        assert.deepEqual([error.code, error.type, error instanceof isojot.AppwriteException], [404, "general_route_not_found", true]);
        if (name !== "a copy") assert.match(error.response, /general_route_not_found/);
        recorder.take();
        const { Query, Operator, Channel } = isojot;
        assert.equal(String(wrap(new Query("equal", "a", [1]))), Query.equal("a", [1]));
        assert.equal(String(wrap(new Operator("increment", [1]))), Operator.increment());
        assert.equal(String(wrap(Channel.bucket("a")).file("b")), String(Channel.bucket("a").file("b")));
      });
    }
  });
}

describe("isojot.node.mjs", () => {
  for (const [name, wrap] of Object.entries(WRAPPERS)) {
    test(`the client of a request, and a file, in ${name}`, async (t) => {
      const { createServerClient, InputFile, Storage, Client } = await import(new URL("js/dist/isojot.node.mjs", root));
      const recorder = await startRecorder(t);
      recorder.usual = json({ $id: "u" });
      const client = wrap(createServerClient({ endpoint: recorder.endpoint, project: "demo", cookies: "a_session_demo=abc", headers: { a: "1" } }));
      assert.equal((await client.setLocale("de").account.get()).$id, "u");
      client.headers.a = "2";
      await client.functions.createExecution("f");
      const [first, second] = recorder.take();
      assert.deepEqual([first.headers["x-appwrite-session"], first.headers["x-appwrite-locale"], first.headers.a, second.headers.a], ["abc", "de", "1", "2"]);
      assert.equal(client.config.project, "demo");
      assert.equal(client.account.peekToken(), null);
      client.close();
      await assert.rejects(client.account.get(), { type: "client_reused" });

      const keyed = wrap(new Client().setEndpoint(recorder.endpoint).setProject("demo").setKey("k"));
      await wrap(new Storage(keyed)).createFile("b", "f", wrap(InputFile.fromPlainText("text", "a.txt")));
      assert.equal(recorder.take()[0].headers["x-appwrite-key"], "k");
    });
  }
});
