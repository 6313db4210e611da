// That the server which requests are compared by writes down what was sent.
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { binary, dropped, json, nothing, partsOf, redirect, refused, startRecorder, text } from "./support/recorder.mjs";

// Sends a request as it is, which fetch() would put in order first.
function send(port, options, body) {
  return new Promise((resolve, reject) => {
    request({ port, host: "127.0.0.1", ...options }, (answer) => answer.resume().on("end", () => resolve(answer))).on("error", reject).end(body);
  });
}

test("a request is written down as it was sent", async (t) => {
  const recorder = await startRecorder(t);
  const body = Buffer.from([0, 255, 13, 10]);
  await send(recorder.port, { method: "PATCH", path: "/v1/a%2Fb//c?q=%5B1%5D&q=+&empty?", headers: { "X-Two": ["a", "b"] } }, body);
  await send(recorder.port, { path: "/v1/plain" });
  await send(recorder.port, { path: "/v1/plain?" });
  const [first, second, third] = recorder.take();
  assert.deepEqual([first.method, first.path, first.query], ["PATCH", "/v1/a%2Fb//c", "q=%5B1%5D&q=+&empty?"]);
  assert.equal(first.headers["x-two"], "a, b");
  assert.ok(first.rawHeaders.includes("X-Two"));
  assert.deepEqual(first.body, body);
  assert.deepEqual([second.query, third.query, second.body.length], [null, "", 0]);
  assert.deepEqual(recorder.take(), []);
});

test("answers come in the order they are planned in, then the usual one", async (t) => {
  const recorder = await startRecorder(t);
  const bytes = new Uint8Array([0, 128, 255]);
  recorder.plan(binary(bytes, "image/png"), nothing(), refused(401, "user_unauthorized", "no"), redirect("/v1/there", 302), text("hello", 418));
  recorder.plan((request) => json({ path: request.path, bytes: request.body.length }));
  const ask = (options) => fetch(`${recorder.endpoint}/x`, options);
  const image = await ask();
  assert.equal(image.headers.get("content-type"), "image/png");
  assert.deepEqual(new Uint8Array(await image.arrayBuffer()), bytes);
  assert.equal((await ask()).status, 204);
  const error = await ask();
  assert.deepEqual([error.status, (await error.json()).type], [401, "user_unauthorized"]);
  assert.equal((await ask({ redirect: "manual" })).headers.get("location"), "/v1/there");
  assert.equal((await ask()).status, 418);
  assert.deepEqual(await (await ask({ method: "POST", body: "four" })).json(), { path: "/v1/x", bytes: 4 });
  assert.equal(recorder.left, 0);
  const usual = await ask();
  assert.deepEqual([usual.status, usual.headers.get("content-type"), await usual.text()], [200, "application/json", "{}"]);
  assert.equal(recorder.take().length, 7);
});

test("what was planned and not asked for is forgotten", async (t) => {
  const recorder = await startRecorder(t);
  recorder.plan(nothing(), nothing());
  assert.equal(recorder.left, 2);
  recorder.take();
  assert.equal((await fetch(recorder.url)).status, 200);
});

test("a connection can end without an answer", async (t) => {
  const recorder = await startRecorder(t);
  recorder.plan(dropped());
  await assert.rejects(fetch(recorder.url, { method: "POST", body: "a" }), TypeError);
  assert.equal(recorder.take().length, 1);
});

test("pages of other origins may ask, and read the answer's headers", async (t) => {
  const recorder = await startRecorder(t);
  const origin = "http://localhost:1";
  const preflight = await send(recorder.port, {
    method: "OPTIONS", path: "/v1/x", headers: { origin, "access-control-request-method": "PUT", "access-control-request-headers": "x-a,x-b" },
  });
  const granted = ["origin", "credentials", "methods", "headers"].map((name) => preflight.headers[`access-control-allow-${name}`]);
  assert.deepEqual(granted, [origin, "true", "PUT", "x-a,x-b"]);
  assert.deepEqual([recorder.requests.length, recorder.preflights.length], [0, 1]);
  recorder.plan(json({}, 200, { "x-fallback-cookies": "{}" }));
  const answer = await send(recorder.port, { path: "/v1/x", headers: { origin } });
  assert.match(answer.headers["access-control-expose-headers"], /x-fallback-cookies/);
  await send(recorder.port, { method: "OPTIONS", path: "/v1/x" }); // asked for as such
  assert.equal(recorder.requests.length, 2);
});

test("a multipart body is taken apart", async (t) => {
  const recorder = await startRecorder(t);
  const form = new FormData();
  form.append("fileId", "a\r\n--b");
  form.append("file", new File([new Uint8Array([13, 10, 45, 45, 0])], "é.bin", { type: "application/x-a" }));
  await fetch(recorder.url, { method: "POST", body: form });
  const [sent] = recorder.take();
  const [field, file] = partsOf(sent);
  assert.deepEqual([field.name, field.filename, field.type, String(field.content)], ["fileId", undefined, undefined, "a\r\n--b"]);
  assert.deepEqual([file.name, file.filename, file.type], ["file", "é.bin", "application/x-a"]);
  assert.deepEqual([...file.content], [13, 10, 45, 45, 0]);
  assert.throws(() => partsOf({ ...sent, body: sent.body.subarray(0, -8) }), /has no end/);
  assert.throws(() => partsOf({ headers: {}, body: sent.body }), /no multipart body/);
});
