import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";

import { defineInputFile } from "../src/server/inputfile.js";
import { upload as uploadOnServers } from "../src/server/upload.js";
import { CHUNK_SIZE } from "../src/api/chunks.js";
import { deferred, definePackage, fakePlatform, operations } from "./support.mjs";

const InputFile = defineInputFile({});
const createFile = operations["storage.createFile"];
const fileOf = (size, name = "a.bin") => new File([new Uint8Array(size)], name);

/**
 * A client whose uploads `answer` answers: it is given { range, id, attempt, form }.
 * `pauses` are those that were made, which take no time unless `pausing` is set; `most`
 * is how many requests there were at once since the last.
 */
async function startUploads(t, answer) {
  const seen = { requests: [], pauses: [], pausing: undefined, cleared: 0, now: 0, most: 0 };
  const attempts = new Map();
  const server = async (url, { headers, body }) => {
    const range = headers["content-range"];
    const attempt = (attempts.get(range) ?? 0) + 1;
    attempts.set(range, attempt);
    const request = { range, id: headers["x-appwrite-id"], attempt, form: body, headers };
    seen.requests.push(request);
    seen.most = Math.max(seen.most, ++seen.now);
    try {
      return (await answer(request)) ?? { $id: "f1" };
    } finally {
      seen.now--;
    }
  };
  // As Go does: it sends what it was given, and explains what came.
  const platform = fakePlatform({
    answer: async ({ request, program }) => {
      const outcome = await program.scope.fetch("http://api.test/v1/x", { method: "POST", headers: { ...request.headers, "content-type": "application/json" }, body: request.body });
      if (outcome.failure) throw Object.assign(new Error("refused"), outcome.failure);
      return { json: true, text: JSON.stringify(outcome) };
    },
  });
  const load = platform.global.fetch;
  const scope = {
    performance: { now: () => 0 },
    setTimeout: (fn, milliseconds) => {
      seen.pauses.push(milliseconds);
      seen.most = 0;
      return setImmediate(seen.pausing ?? fn);
    },
    clearTimeout: (timer) => (clearImmediate(timer), seen.cleared++),
    fetch: (url, init) => (String(url).startsWith("http://api.test") ? server(url, init) : load(url, init)),
  };
  const sdk = definePackage(platform);
  t.after(() => sdk.dispose());
  await sdk.init({ scope });
  const client = new sdk.Client().setEndpoint("http://api.test/v1").setProject("p");
  const create = (file, beside = {}) => uploadOnServers(client, createFile, { bucketId: "b", fileId: "f", file }, beside);
  return { sdk, client, create, seen };
}

const numbers = ({ requests }) => requests.map(({ range = "0" }) => Number(/\d+/.exec(range)[0]) / CHUNK_SIZE);
const failing = (failure) => ({ failure });

test("a chunk that fails for a while is sent again after pauses, and the others go on", async (t) => {
  for (const failure of [{ code: 0, type: "client_network" }, { code: 500 }, { code: 502, type: "client_bad_response" }, { code: 408 }]) {
    const { create, seen } = await startUploads(t, ({ range, attempt }) => (range.startsWith(`bytes ${2 * CHUNK_SIZE}-`) && attempt <= 3 ? failing(failure) : undefined));
    const told = [];
    await create(fileOf(4 * CHUNK_SIZE), { onProgress: ({ progress, chunksUploaded }) => told.push([progress, chunksUploaded]) });
    assert.deepEqual(numbers(seen), [0, 1, 2, 3, 2, 2, 2], JSON.stringify(failure));
    assert.deepEqual(seen.pauses, [1000, 2000, 4000]);
    assert.deepEqual(told, [[25, 1], [50, 2], [75, 3], [100, 4]]);
    assert.ok(seen.requests.slice(1).every(({ id }) => id === "f1"));
  }
});

test("a chunk that fails for good ends the upload, which goes on with what is left", async (t) => {
  let broken = true;
  const { create, seen } = await startUploads(t, ({ range }) => (broken && range.startsWith(`bytes ${2 * CHUNK_SIZE}-`) ? failing({ code: 500, type: "general_unknown" }) : undefined));
  const resume = {};
  await assert.rejects(create(fileOf(4 * CHUNK_SIZE), { resume }), { code: 500, type: "general_unknown" });
  assert.deepEqual(seen.pauses, [1000, 2000, 4000]);
  assert.deepEqual([...resume.chunks].sort(), [0, 1, 3]);
  broken = false;
  seen.requests.length = 0;
  assert.deepEqual(await create(fileOf(4 * CHUNK_SIZE), { resume: JSON.parse(JSON.stringify(resume)) }), { $id: "f1" });
  assert.deepEqual(numbers(seen), [2]);
});

test("what the server refuses is not sent again, nor is a first chunk, which would begin another upload", async (t) => {
  for (const code of [400, 401, 403, 404, 409]) {
    const { create, seen } = await startUploads(t, ({ range }) => (range.startsWith("bytes 0-") ? undefined : failing({ code })));
    await assert.rejects(create(fileOf(2 * CHUNK_SIZE)), { code });
    assert.deepEqual([numbers(seen), seen.pauses], [[0, 1], []]);
  }
  const { create, seen } = await startUploads(t, () => failing({ code: 503 }));
  await assert.rejects(create(fileOf(2 * CHUNK_SIZE)), { code: 503 });
  assert.deepEqual([numbers(seen), seen.pauses], [[0], []]);
});

test("chunks go one by one to a server that refuses several at once, after the pause that it asks for", async (t) => {
  for (const code of [429, 503]) {
    const { create, seen } = await startUploads(t, async () => {
      const tooMany = seen.now > 1;
      await new Promise(setImmediate);
      return tooMany ? failing({ code, retryAfter: 7 }) : undefined;
    });
    await create(fileOf(12 * CHUNK_SIZE));
    assert.deepEqual(numbers(seen).slice(0, 9), [0, 1, 2, 3, 4, 5, 6, 7, 8], `${code}: eight at once`);
    assert.deepEqual([seen.pauses, seen.most], [[7000], 1]);
    assert.deepEqual(numbers(seen).slice(-3), [9, 10, 11], "in order");
  }
});

test("a limit that does not say when it ends is waited for a minute; one that lasts longer is the caller's", async (t) => {
  let refused = { code: 429 };
  const { create, seen } = await startUploads(t, ({ range }) => (range.startsWith("bytes 0-") ? undefined : failing(refused)));
  await assert.rejects(create(fileOf(2 * CHUNK_SIZE)), { code: 429 });
  assert.deepEqual(seen.pauses, [1000, 2000, 4000, 8000, 16_000, 32_000]);
  seen.pauses.length = 0;
  refused = { code: 429, retryAfter: 61 };
  const resume = {};
  await assert.rejects(create(fileOf(2 * CHUNK_SIZE), { resume }), { code: 429, retryAfter: 61 });
  assert.deepEqual([seen.pauses, resume.$id, resume.chunks], [[], "f1", [0]]);
});

test("an abort ends all chunks at once, with its reason: in the first progress, in a pause, while a stream is waited for", async (t) => {
  const reason = new Error("enough");
  const aborting = () => {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort(reason) };
  };
  {
    const { create, seen } = await startUploads(t, () => undefined);
    const { signal, abort } = aborting();
    await assert.rejects(create(fileOf(4 * CHUNK_SIZE), { signal, onProgress: abort }), reason);
    assert.deepEqual(numbers(seen), [0]);
  }
  {
    const { create, seen } = await startUploads(t, ({ range }) => (range.startsWith("bytes 0-") ? undefined : failing({ code: 500 })));
    const { signal, abort } = aborting();
    seen.pausing = abort;
    await assert.rejects(create(fileOf(2 * CHUNK_SIZE), { signal }), reason);
    assert.deepEqual([numbers(seen), seen.pauses, seen.cleared], [[0, 1], [1000], 1]);
  }
  {
    const { create, seen } = await startUploads(t, () => undefined);
    const { signal, abort } = aborting();
    const stalled = async function* () {
      yield new Uint8Array(CHUNK_SIZE);
      await new Promise(() => setImmediate(abort));
    };
    await assert.rejects(create(InputFile.fromStream(stalled(), "s", 2 * CHUNK_SIZE), { signal }), reason);
    assert.deepEqual(numbers(seen), [0]);
  }
  {
    const all = deferred();
    const signals = [];
    const { create, seen } = await startUploads(t, ({ range }) => {
      if (range.startsWith("bytes 0-")) return undefined;
      if (signals.push(range) === 8) all.resolve();
      return new Promise(() => {});
    });
    const { signal, abort } = aborting();
    const uploading = create(fileOf(20 * CHUNK_SIZE), { signal });
    await all.promise;
    abort();
    await assert.rejects(uploading, reason);
    assert.equal(seen.requests.length, 9);
  }
});

test("what onProgress throws is the caller's, even an error that a chunk would be sent again for", async (t) => {
  const { create, seen } = await startUploads(t, () => undefined);
  const thrown = Object.assign(new Error("mine"), { code: 500 });
  for (const at of [1, 3]) {
    const resume = {};
    const onProgress = ({ chunksUploaded }) => {
      if (chunksUploaded === at) throw thrown;
    };
    await assert.rejects(create(fileOf(3 * CHUNK_SIZE), { resume, onProgress }), thrown);
    assert.equal(resume.$id, at === 3 ? undefined : "f1", "complete, it can serve another upload");
  }
  assert.deepEqual(seen.pauses, []);
});

test("a stream's chunk is sent again, with the same bytes; one that is longer than it was said is refused before its end is sent", async (t) => {
  const bytes = new Uint8Array(2 * CHUNK_SIZE + 3).map((_, i) => i / 4099);
  const { create, seen } = await startUploads(t, ({ range, attempt }) => (range.startsWith(`bytes ${CHUNK_SIZE}-`) && attempt === 1 ? failing({ code: 500 }) : undefined));
  await create(InputFile.fromStream(new Blob([bytes]).stream(), "s", bytes.length));
  assert.deepEqual(numbers(seen), [0, 1, 1, 2]);
  const contents = await Promise.all(seen.requests.map(({ form }) => form.get("file").arrayBuffer()));
  assert.equal(Buffer.concat([0, 2, 3].map((i) => Buffer.from(contents[i]))).compare(bytes), 0);
  assert.deepEqual(contents[1], contents[2]);

  seen.requests.length = 0;
  for (const size of [2 * CHUNK_SIZE, 7]) {
    const longer = create(InputFile.fromStream(new Blob([bytes]).stream(), "s", size));
    await assert.rejects(longer, { type: "client_invalid_argument", message: new RegExp(`goes on after the ${size} bytes`) });
  }
  assert.deepEqual(numbers(seen), [0]);
});

test("chunkedUpload() fails with its first chunk that does, as the official one, and tells of nothing after that", async (t) => {
  const held = deferred();
  const { client, seen } = await startUploads(t, ({ range = "0" }) => {
    if (range.startsWith(`bytes ${CHUNK_SIZE}-`)) return failing({ code: 500 });
    return range.startsWith("bytes 0-") ? undefined : held.promise;
  });
  const told = [];
  const send = (file) => client.chunkedUpload("post", new URL("http://api.test/v1/x"), { "content-type": "multipart/form-data" }, { fileId: "f", file }, ({ chunksUploaded }) => told.push(chunksUploaded));
  await assert.rejects(send(fileOf(20 * CHUNK_SIZE)), { code: 500 });
  held.resolve({ $id: "f1" });
  await new Promise(setImmediate);
  assert.deepEqual([numbers(seen), told, seen.pauses], [[0, 1, 2, 3, 4, 5, 6, 7, 8], [1], []]);
  await send(fileOf(7));
  assert.equal(seen.requests.at(-1).form.get("file").size, 7);
});

test("two uploads at once cannot have one resume; one after the other they can", async (t) => {
  const { create, seen } = await startUploads(t, () => undefined);
  const resume = {};
  const first = create(fileOf(2 * CHUNK_SIZE), { resume });
  await assert.rejects(create(fileOf(2 * CHUNK_SIZE), { resume }), { type: "client_invalid_argument", message: /under way/ });
  await first;
  await create(fileOf(2 * CHUNK_SIZE, "b.bin"), { resume });
  assert.deepEqual(numbers(seen), [0, 1, 0, 1]);
});

test("an upload goes on with the file and the ids that it began with, or is refused unsent", async (t) => {
  let broken = true;
  const { client, create, seen } = await startUploads(t, ({ range }) => (broken && !range.startsWith("bytes 0-") ? failing({ code: 400 }) : undefined));
  const resume = {};
  const file = fileOf(2 * CHUNK_SIZE);
  await assert.rejects(create(file, { resume }), { code: 400 });
  broken = false;
  seen.requests.length = 0;
  const again = () => ({ resume: JSON.parse(JSON.stringify(resume)) });
  const refused = (message) => ({ type: "client_invalid_argument", message });
  await assert.rejects(create(fileOf(2 * CHUNK_SIZE, "other.bin"), again()), refused(/file was a\.bin.*other\.bin/));
  for (const [name, ids] of [["bucketId", { bucketId: "c", fileId: "f" }], ["fileId", { bucketId: "b", fileId: "g" }]]) {
    await assert.rejects(uploadOnServers(client, createFile, { ...ids, file }, again()), refused(new RegExp(`${name} was`)));
  }
  await assert.rejects(create(fileOf(7), again()), refused(/file of 10485760 bytes/));
  assert.deepEqual(seen.requests, []);
  assert.deepEqual(await create(file, again()), { $id: "f1" });
  assert.deepEqual(numbers(seen), [1]);
});

test("a resume with nothing left sends the last chunk again, for its answer", async (t) => {
  const { create, seen } = await startUploads(t, () => undefined);
  const resume = { $id: "f1", size: 2 * CHUNK_SIZE, chunks: [1, 0] };
  assert.deepEqual(await create(fileOf(2 * CHUNK_SIZE), { resume }), { $id: "f1" });
  assert.deepEqual([numbers(seen), resume.$id], [[1], undefined]);
});

test("a resume that is no state of an upload and an onProgress that is no function are refused before anything is sent", async (t) => {
  const { create, seen } = await startUploads(t, () => undefined);
  for (const size of [3, 2 * CHUNK_SIZE]) {
    const state = { $id: "f1", size, chunks: [] };
    for (const wrong of [{ $id: "f1", size }, { ...state, $id: 1 }, { ...state, size: "3" }, { ...state, chunks: [0, 0] }, { ...state, chunks: [-1] }, { ...state, chunks: [0.5] }, { ...state, chunks: [2] }, { ...state, chunks: ["0"] }]) {
      await assert.rejects(create(fileOf(size), { resume: wrong }), { type: "client_invalid_argument", message: /resume is no state/ }, JSON.stringify(wrong));
    }
    await assert.rejects(create(fileOf(size), { resume: "x" }), { message: /resume must be an object/ });
    await assert.rejects(create(fileOf(size), { onProgress: {} }), { type: "client_invalid_argument", message: /onProgress must be a function/ });
    await create(fileOf(size), { onProgress: null, resume: null });
  }
  assert.deepEqual(numbers(seen), [0, 0, 1]);
});

test("a stream is closed when its upload ends, by success, failure or abort", async (t) => {
  const size = 2 * CHUNK_SIZE;
  const ends = {
    success: [() => undefined, {}],
    failure: [() => failing({ code: 400 }), {}],
    refusal: [() => undefined, { resume: "x" }],
    abort: [({ range }, abort) => abort(range), {}],
  };
  for (const [end, [answer, beside]] of Object.entries(ends)) {
    const controller = new AbortController();
    const { create } = await startUploads(t, (request) => answer(request, () => controller.abort()));
    const upload = (stream) => create(InputFile.fromStream(stream, "s", size), { signal: controller.signal, ...beside }).catch((error) => error);
    const left = [];
    const node = Readable.from([new Uint8Array(size), new Uint8Array(0)]);
    await upload(node);
    assert.equal(node.destroyed, true, `${end}: Node's`);
    const web = new ReadableStream({
      pull: (stream) => stream.enqueue(new Uint8Array(CHUNK_SIZE)),
      cancel: () => left.push("web"),
    });
    await upload(web);
    const iterator = { next: async () => ({ done: false, value: new Uint8Array(CHUNK_SIZE) }), return: async () => left.push("iterable") };
    await upload({ [Symbol.asyncIterator]: () => iterator });
    assert.deepEqual(left, ["web", "iterable"], end);
  }
});

test("what a stream fails with is the caller's, whatever it is", async (t) => {
  const { create, seen } = await startUploads(t, () => undefined);
  for (const thrown of [Object.assign(new Error("theirs"), { code: 500 }), undefined, null]) {
    const failing = async function* () {
      yield new Uint8Array(CHUNK_SIZE);
      throw thrown;
    };
    await assert.rejects(create(InputFile.fromStream(failing(), "s", 2 * CHUNK_SIZE)), (error) => error === thrown);
  }
  assert.deepEqual(seen.pauses, []);
});

test("an InputFile in a Proxy is uploaded, as is a client in one", async (t) => {
  const { client, create, seen } = await startUploads(t, () => undefined);
  await create(new Proxy(InputFile.fromPlainText("text", "a.txt"), {}));
  await uploadOnServers(new Proxy(client, {}), createFile, { bucketId: "b", fileId: "f", file: fileOf(1) }, {});
  assert.deepEqual(await Promise.all(seen.requests.map(({ form }) => form.get("file").text())), ["text", "\0"]);
});

test("init()'s fetch gets the form itself, and no header of ours", async (t) => {
  const { create, seen } = await startUploads(t, () => undefined);
  await create(fileOf(3, "ü.bin"));
  const [{ form, headers }] = seen.requests;
  assert.deepEqual(Object.keys(headers).filter((name) => /isojot|content-type/.test(name)), []);
  assert.deepEqual([...form.keys()], ["fileId", "file"]);
  assert.equal(form.get("file").name, "ü.bin");
});

test("what is carried is let go of when the call ends, however it ends", async (t) => {
  const ends = {
    answers: async () => ({ json: true, text: "{}" }),
    fails: async () => Promise.reject(new Error("refused")),
    aborts: ({ id, handle }) => new Promise((resolve, reject) => (handle.cancel = (other) => other === id && reject(new Error("canceled")))),
  };
  for (const [end, answer] of Object.entries(ends)) {
    const sent = deferred();
    const platform = fakePlatform({ answer: (call) => (sent.resolve(call), answer(call)) });
    const sdk = definePackage(platform);
    t.after(() => sdk.dispose());
    const controller = new AbortController();
    const client = new sdk.Client().setEndpoint("http://api.test/v1").setProject("p");
    const calling = client.invoke(createFile, { bucketId: "b", fileId: "f", file: fileOf(1) }, controller.signal);
    const settled = calling.catch((error) => error);
    const { request, program } = await sent.promise;
    const bodies = [];
    platform.global.fetch = async (url, { body }) => (bodies.push(body), new Response("{}"));
    if (end === "aborts") {
      await program.scope.fetch("http://api.test", { headers: request.headers, body: "go's" });
      await program.scope.fetch("http://api.test", { headers: request.headers, body: "go's" });
      assert.ok(bodies.every((body) => body instanceof FormData && body === bodies[0]), "while it is under way, also the second time");
      controller.abort();
    }
    await settled;
    await new Promise(setImmediate);
    await program.scope.fetch("http://api.test", { headers: request.headers, body: "go's" });
    assert.equal(bodies.at(-1), "go's", end);
  }
});

test("content is the caller's, as an ArrayBuffer, and Go reads that it is empty; an error goes to Go", async (t) => {
  const seenByGo = [];
  const platform = fakePlatform({
    answer: async ({ request, program }) => {
      const response = await program.scope.fetch("http://api.test/v1/x", { method: "GET", headers: request.headers });
      const text = Buffer.from(await response.arrayBuffer()).toString();
      seenByGo.push([response.status, text]);
      if (response.status >= 400) throw Object.assign(new Error("gone"), { code: response.status });
      return { json: false, text };
    },
  });
  const sdk = definePackage(platform);
  t.after(() => sdk.dispose());
  const load = platform.global.fetch;
  const answers = [new Response("bytes"), new Response("missing", { status: 404 })];
  platform.global.fetch = (url, init) => (String(url).startsWith("http://api.test") ? Promise.resolve(answers.shift()) : load(url, init));
  const client = new sdk.Client().setEndpoint("http://api.test/v1").setProject("p");
  const download = { ...createFile, name: "storage.getFileDownload", pattern: "GET /storage/files/{fileId}/download", answer: "content", kind: "" };
  const content = await client.invoke(download, { fileId: "f" });
  assert.ok(content instanceof ArrayBuffer);
  assert.equal(Buffer.from(content).toString(), "bytes");
  await assert.rejects(client.invoke(download, { fileId: "f" }), { code: 404 });
  assert.deepEqual(seenByGo, [[200, ""], [404, "missing"]]);
});
