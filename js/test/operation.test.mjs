import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../dist/isojot.node.mjs";
import { describe } from "../src/api/operation.js";

test("a descriptor says what its line does, by the names of its service", () => {
  const lines = "{put,set} PUT/{id} :jg--*@content>image/png prefs name?=title more? <more,prefs,name\nget /\nping GET/x/{project}/{b} :g+>";
  const { put, set, get, ping } = describe("things", "/things", "sk", lines);
  assert.deepEqual({ ...put, wire: { ...put.wire } }, {
    name: "things.put", pattern: "PUT /things/{id}", lanes: "jwt guest", effect: "ends all", answer: "content", kind: "content", accept: "image/png", checked: true,
    params: ["id", "prefs", "name", "more"], order: ["id", "more", "prefs", "name"], optional: ["name", "more"], wire: { name: "title" },
  });
  assert.deepEqual({ ...set }, { ...put, name: "things.set" });
  assert.ok(Object.isFrozen(put));
  assert.deepEqual([get.pattern, get.lanes, get.effect, get.accept, get.params], ["GET /things", "session key", "", "application/json", []]);
  assert.deepEqual([ping.pattern, ping.effect, ping.accept, ping.params], ["GET /things/x/{project}/{b}", "signs in", "", ["b"]]);
  assert.equal(describe("", "", "g", "ping GET/ping").ping.name, "ping");
});

// What is invoked is not looked up anywhere: any service can be performed.
test("a descriptor that is wrong is refused with the name of its field, before anything is sent", async () => {
  const client = new Client().setEndpoint("http://api.test/v1").setProject("p");
  const good = { name: "things.get", pattern: "GET /things/{id}", lanes: "guest" };
  const wrong = {
    name: [{ ...good, name: "" }, { ...good, name: 1 }, "account.get"],
    pattern: ["/things", "get /things", "GET things", "GET .evil.test/", "GET //evil.test/", "GET /a?b", "GET /a#b", ""].map((pattern) => ({ ...good, pattern })),
    lanes: [{ ...good, lanes: "" }, { ...good, lanes: "jwt admin" }, { ...good, lanes: ["guest"] }],
    effect: ["explodes", 1, true, {}, [], ["signs in"], () => {}].map((effect) => ({ ...good, effect })),
    answer: ["bytes", 1, true, ["content"]].map((answer) => ({ ...good, answer })),
  };
  for (const [field, descriptors] of Object.entries(wrong)) {
    for (const descriptor of descriptors) {
      const call = async () => client.invoke(descriptor, { id: "x" });
      await assert.rejects(call, (error) => error.type === "client_invalid_argument" && error.message.includes(`operation.${field}`), JSON.stringify(descriptor));
    }
  }
  await assert.rejects(client.invoke({ ...good, lanes: "key" }, { id: "x" }), { type: "general_unauthorized_scope" });
});

// From the entry by the descriptor, Go and the server and back.
test("an operation whose method is generated does what the server says", async () => {
  const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;
  const client = new Client().setEndpoint(endpoint).setProject(project);
  const { secret } = await client.account.createAnonymousSession();
  client.setSession(secret);
  const phone = `+1415${String(Date.now()).slice(-7)}`;
  const user = await client.account.updatePhone({ phone, password: "password123" });
  assert.deepEqual([user.phone, user.phoneVerification], [phone, false]);
  await assert.rejects(client.account.updatePhone("12345", "password123"), { code: 400, type: "general_argument_invalid" });
  await assert.rejects(client.account.updatePhone({ phone, password: "password456" }), { code: 401, type: "user_invalid_credentials" });
  assert.throws(() => client.account.updatePhone({ phone }), /"password"/);
});
