// Files that are uploaded, from Node and from Chromium: the chunks are the
// official packages', what is held in memory does not grow with the file, and an
// upload that was aborted or failed goes on.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, openAsBlob } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as ours from "../../js/dist/isojot.node.mjs";
import { newPage, startChromium } from "./support/chromium.mjs";
import { heldHere, watchHeap } from "./support/heap.mjs";
import { html, startPages } from "./support/pages.mjs";
import { dropped, json, partsOf, refused, startRecorder } from "./support/recorder.mjs";

const require = createRequire(import.meta.url);
const MiB = 1 << 20;
const SIZES = [0, 1, 5 * MiB, 5 * MiB + 1, 53_000_000];
const bucket = { bucketId: "b", permissions: ['read("any")', 'update("user:u")'] };

/** Bytes of which no two chunks are alike. */
function bytesOf(size) {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i += 4099) bytes[i] = i / 4099;
  return bytes;
}

/** Has the recorder answer as storage does, and forget the content for its hash. */
async function startStorage(t, fails = () => false) {
  const recorder = await startRecorder(t);
  const counts = new Map();
  recorder.usual = (request) => {
    if (request.method === "GET") return json({}); // by which a page finds out why it got no answer
    const { "content-range": range, "x-appwrite-id": id } = request.headers;
    request.fields = partsOf(request).map(({ name, filename, type, content }) => ({
      name, filename, type, length: content.length, sum: createHash("sha256").update(content).digest("hex"),
    }));
    request.body = null;
    const fileId = id ?? `file${counts.size}`;
    if (fails(request)) return refused(500, "general_unknown", "the disk is full");
    counts.set(fileId, (counts.get(fileId) ?? 0) + 1);
    const size = Number(/\/(\d+)$/.exec(range ?? "/1")[1]);
    return json({ $id: fileId, bucketId: "b", chunksTotal: Math.ceil(size / (5 * MiB)), chunksUploaded: counts.get(fileId) }, 201);
  };
  return recorder;
}

/** What came, without what differs for good reason: who sent it. */
function sent(recorder) {
  const requests = recorder.take().map(({ method, url, headers, fields }) => {
    const { "content-range": range, "x-appwrite-id": id, accept, "x-appwrite-project": project } = headers;
    return { method, url, range, id, accept, project, fields };
  });
  const from = ({ range }) => Number(/^bytes (\d+)/.exec(range ?? "bytes 0")[1]);
  return requests.sort((a, b) => from(a) - from(b));
}

// Of the chunks that are under way at once the last, which is shorter, may end before others.
const heard = (told) => [told.map(({ chunksTotal, chunksUploaded }) => `${chunksUploaded} of ${chunksTotal}`), told.slice(-1).map(({ $id, ...progress }) => progress)];

const clientOf = (sdk, recorder) => new sdk.Client().setEndpoint(recorder.endpoint).setProject("demo");

async function compared(t, makeTheirs, makeOurs, theirs) {
  const recorder = await startStorage(t);
  for (const size of SIZES) {
    const outcomes = [];
    for (const [sdk, make] of [[theirs, makeTheirs], [ours, makeOurs]]) {
      const told = [];
      const storage = new sdk.Storage(clientOf(sdk, recorder));
      const { chunksUploaded } = await storage.createFile({ ...bucket, fileId: "f", file: await make(bytesOf(size)), onProgress: (progress) => told.push(progress) });
      outcomes.push({ requests: sent(recorder).map(({ id, ...request }) => ({ ...request, id: id && "one" })), chunksUploaded, told: heard(told) });
    }
    assert.equal(outcomes[0].requests.length, Math.max(1, Math.ceil(size / (5 * MiB))), `${size} bytes`);
    assert.deepEqual(outcomes[1], outcomes[0], `${size} bytes`);
  }
}

test("Node sends the chunks of npm node-appwrite, from bytes", async (t) => {
  const { InputFile } = require("node-appwrite/file");
  await compared(t, (bytes) => InputFile.fromBuffer(bytes, "ünï.bin"), (bytes) => ours.InputFile.fromBuffer(bytes, "ünï.bin"), require("node-appwrite"));
});

test("Node sends the chunks of npm node-appwrite, from a path", async (t) => {
  const { InputFile } = require("node-appwrite/file");
  const folder = await mkdtemp(join(tmpdir(), "isojot-upload-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const written = async (bytes) => {
    const path = join(folder, "some.bin");
    const file = await open(path, "w");
    await file.writeFile(bytes);
    await file.close();
    return path;
  };
  await compared(t, async (bytes) => InputFile.fromPath(await written(bytes)), async (bytes) => ours.InputFile.fromPath(await written(bytes)), require("node-appwrite"));
});

test("Node sends the chunks of npm appwrite, from a File", async (t) => {
  const make = (bytes) => new File([bytes], "a.bin", { type: "image/png" });
  await compared(t, make, make, require("appwrite"));
});

test("a stream is sent in order, and one that ends early or has no size is refused", async (t) => {
  const recorder = await startStorage(t);
  const storage = new ours.Storage(clientOf(ours, recorder));
  const bytes = bytesOf(12 * MiB);
  const web = () => new Blob([bytes]).stream();
  const create = (file) => storage.createFile({ ...bucket, fileId: "f", file });
  for (const file of [ours.InputFile.fromStream(web(), "s", bytes.length), ours.InputFile.fromStream(pieces(bytes), "s", bytes.length)]) {
    await create(file);
    const requests = recorder.take();
    assert.deepEqual(requests.map(({ headers }) => headers["content-range"]), [0, 1, 2].map((i) => `bytes ${i * 5 * MiB}-${Math.min((i + 1) * 5 * MiB, bytes.length) - 1}/${bytes.length}`));
    const sums = [0, 1, 2].map((i) => createHash("sha256").update(bytes.subarray(i * 5 * MiB, (i + 1) * 5 * MiB)).digest("hex"));
    assert.deepEqual(requests.map(({ fields }) => fields.find(({ name }) => name === "file").sum), sums);
  }
  await assert.rejects(create(ours.InputFile.fromStream(web(), "s", bytes.length + 1)), { type: "client_invalid_argument", message: /the stream ended after 12582912 bytes/ });
  await assert.rejects(create(web()), { type: "client_invalid_argument", message: /InputFile\.fromStream\(stream, name, size\)/ });
  await assert.rejects(create("a text"), { type: "client_invalid_argument", message: /file must be a File/ });
  recorder.take();
  await storage.createFile({ ...bucket, fileId: "f", file: bytes });
  assert.equal(recorder.take().length, 3, "a Buffer");
  await assert.rejects(storage.createFile({ ...bucket, fileId: "f", file: new File([bytes], "f"), resume: "x" }), { message: /resume must be an object/ });
});

// As Node's streams do, of uneven length.
async function* pieces(bytes) {
  for (let at = 0; at < bytes.length; at += 1_234_567) yield bytes.subarray(at, at + 1_234_567);
}

test("an upload whose chunk fails goes on where it was", async (t) => {
  const bytes = bytesOf(43 * MiB);
  const file = ours.InputFile.fromBuffer(bytes, "a.bin");
  let broken = "bytes 15728640-";
  const recorder = await startStorage(t, ({ headers }) => headers["content-range"].startsWith(broken));
  const storage = new ours.Storage(clientOf(ours, recorder));
  const resume = {};
  await assert.rejects(storage.createFile({ ...bucket, fileId: "f", file, resume }), { code: 500, message: "the disk is full" });
  assert.equal(recorder.take().length, 9 + 3, "the chunk was sent again");
  assert.deepEqual([...resume.chunks].sort(), [0, 1, 2, 4, 5, 6, 7, 8]);
  assert.equal(resume.size, bytes.length);
  broken = "none";
  const kept = JSON.parse(JSON.stringify(resume)); // as a page would, over a reload
  const told = [];
  const { chunksUploaded } = await storage.createFile({ ...bucket, fileId: "f", file, resume: kept, onProgress: (progress) => told.push(progress) });
  assert.deepEqual(sent(recorder).map(({ range, id }) => [range, id]), [[`bytes 15728640-20971519/${bytes.length}`, "file0"]]);
  assert.deepEqual(told, [{ $id: "file0", progress: 100, sizeUploaded: bytes.length, chunksTotal: 9, chunksUploaded: 9 }]);
  assert.equal(chunksUploaded, 9);
  assert.equal(kept.$id, undefined, "it can serve another upload");
  const other = { ...JSON.parse(JSON.stringify(resume)), size: 1 };
  await assert.rejects(storage.createFile({ ...bucket, fileId: "f", file, resume: other }), { type: "client_invalid_argument", message: /resume is of a file of 1 bytes/ });
});

test("an upload that is aborted goes on where it was", async (t) => {
  const bytes = bytesOf(43 * MiB);
  const file = ours.InputFile.fromBuffer(bytes, "a.bin");
  const recorder = await startStorage(t);
  const controller = new AbortController();
  const reason = new Error("enough");
  const resume = {};
  const abort = ({ chunksUploaded }) => chunksUploaded === 3 && controller.abort(reason);
  const aborted = new ours.Storage(clientOf(ours, recorder)).createFile({ ...bucket, fileId: "f", file, resume, signal: controller.signal, onProgress: abort });
  await assert.rejects(aborted, reason);
  const kept = JSON.parse(JSON.stringify(resume));
  assert.ok(kept.chunks.length < 9, `${kept.chunks.length} of 9 chunks`);

  // What was under way when it was aborted may come still: this one is known by its project.
  const later = new ours.Storage(clientOf(ours, recorder).setProject("later"));
  const told = [];
  await later.createFile({ ...bucket, fileId: "f", file, resume: { ...kept, chunks: [...kept.chunks] }, onProgress: (progress) => told.push(progress) });
  const requests = sent(recorder).filter(({ project }) => project === "later");
  assert.deepEqual(requests.map(({ range }) => Number(/\d+/.exec(range)[0]) / (5 * MiB)), Array.from({ length: 9 }, (_, i) => i).filter((i) => !kept.chunks.includes(i)));
  assert.deepEqual(new Set(requests.map(({ id }) => id)), new Set(["file0"]));
  assert.equal(told.at(-1).sizeUploaded, bytes.length);
});

test("a connection that is lost in the middle costs an upload nothing", async (t) => {
  let left = 3;
  const recorder = await startStorage(t);
  const answer = recorder.usual;
  recorder.usual = (request) => (!request.headers["content-range"].startsWith("bytes 0-") && left > 0 && left-- ? dropped() : answer(request));
  const { chunksUploaded } = await new ours.Storage(clientOf(ours, recorder)).createFile({ ...bucket, fileId: "f", file: new File([bytesOf(43 * MiB)], "a.bin") });
  assert.equal(recorder.take().length, 9 + 3);
  assert.equal(chunksUploaded, 9);
});

test("what Node holds does not grow with the file", async (t) => {
  const endpoint = await startDrain(t);
  const folder = await mkdtemp(join(tmpdir(), "isojot-upload-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const size = 300 * MiB;
  const path = join(folder, "large");
  const file = await open(path, "w");
  await file.truncate(size);
  await file.close();
  const storage = new ours.Storage(new ours.Client().setEndpoint(endpoint).setProject("demo"));
  const create = (file, onProgress) => storage.createFile({ ...bucket, fileId: "f", file, onProgress });
  const sources = {
    "a path": () => ours.InputFile.fromPath(path),
    "a stream": () => ours.InputFile.fromStream(createReadStream(path), "large", size),
    "a Blob of a file": () => openAsBlob(path),
  };
  for (const [name, make] of Object.entries(sources)) {
    await create(ours.InputFile.fromBuffer(Buffer.alloc(1), "a"));
    const [before, wasm] = [heldHere(), ours.stats().memory];
    let [most, heard] = [0, 0];
    await create(await make(), () => {
      if (heard++ % 3 === 0) most = Math.max(most, heldHere() - before); // which takes a while
    });
    assert.equal(heard, 60);
    const after = ours.stats().memory;
    t.diagnostic(`300 MiB of ${name}: at most ${Math.round(most / MiB)} MiB more; WebAssembly ${wasm / MiB} to ${after / MiB} MiB`);
    // Eight chunks: the bytes that were read, the File that is made of them, and what fetch
    // makes of that until it is sent.
    assert.ok(most < 8 * 6 * 5 * MiB, `${name}: ${most / MiB} MiB`);
    assert.ok(after - wasm < 4 * MiB, `${name}: the file is not in WebAssembly`);
  }
});

/** A server that keeps nothing of what it is sent; resolves with its endpoint. */
async function startDrain(t) {
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(201, { "content-type": "application/json" }).end('{"$id":"f"}'));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/v1`;
}

test("Chromium sends the chunks of npm appwrite, in the page and in a worker, and its heap does not grow with the file", async (t) => {
  const recorder = await startStorage(t);
  const pages = await startPages(t, { "/official": html("/official/sdk.js"), "/ours": html("/sdk/isojot.js") });
  const browser = await startChromium(t);
  const run = async (path, global, worker) => {
    const page = await newPage(browser);
    const heap = await watchHeap(page);
    await page.goto(pages + path);
    if (worker) await page.evaluate(() => isojot.init({ worker: true }));
    if (global === "isojot") await page.evaluate(() => isojot.preload());
    assert.equal(heap.contexts, worker ? 2 : 1);
    const answers = [];
    for (const size of SIZES) {
      const { value, grown, samples } = await heap.during(() => page.evaluate(uploadInPage, { global, endpoint: recorder.endpoint, size, bucket }));
      answers.push({ requests: sent(recorder).map(({ id, ...request }) => ({ ...request, id: id && "one" })), told: heard(value) });
      t.diagnostic(`${path}${worker ? " in a worker" : ""}, ${size} bytes: at most ${(grown / MiB).toFixed(1)} MiB more in ${samples} samples`);
      // A MiB is the page's own, of which it makes its file.
      assert.ok(grown < 8 * MiB, `${path}, ${size} bytes: the heap grew by ${grown / MiB} MiB`);
    }
    await page.close();
    return answers;
  };
  const theirs = await run("/official", "Appwrite", false);
  assert.deepEqual(await run("/ours", "isojot", false), theirs);
  assert.deepEqual(await run("/ours", "isojot", true), theirs);
});

test("in Chromium an upload that was aborted or lost its connection goes on where it was, in the page and in a worker", async (t) => {
  let left = 0;
  const recorder = await startStorage(t);
  const answer = recorder.usual;
  recorder.usual = (request) => (/^bytes (5|10)\d{6}/.test(request.headers["content-range"]) && left > 0 && left-- ? dropped() : answer(request));
  const pages = await startPages(t, { "/ours": html("/sdk/isojot.js") });
  const browser = await startChromium(t);
  for (const worker of [false, true]) {
    const page = await newPage(browser);
    await page.goto(`${pages}/ours`);
    const { reason, kept } = await page.evaluate(abortInPage, { worker, endpoint: recorder.endpoint, bucket });
    assert.equal(reason, "enough");
    assert.ok(kept.chunks.length < 11, `${kept.chunks.length} of 11 chunks`);
    await page.reload();
    left = 2;
    const told = await page.evaluate(resumeInPage, { worker, endpoint: recorder.endpoint, bucket, kept });
    const later = sent(recorder).filter(({ project }) => project === "later");
    const missing = Array.from({ length: 11 }, (_, i) => i).filter((i) => !kept.chunks.includes(i));
    assert.deepEqual([...new Set(later.map(({ range }) => Number(/\d+/.exec(range)[0]) / (5 * MiB)))], missing);
    assert.deepEqual([later.length, left], [missing.length + 2, 0], "two were sent again");
    assert.deepEqual(new Set(later.map(({ id }) => id)), new Set([kept.$id]));
    assert.equal(told.progress, 100);
    await page.close();
  }
});

// What follows runs in the page.

async function uploadInPage({ global, endpoint, size, bucket }) {
  const sdk = globalThis[global];
  const storage = new sdk.Storage(new sdk.Client().setEndpoint(endpoint).setProject("demo"));
  const piece = new Uint8Array(1 << 20).map((_, i) => i % 251);
  const parts = Array.from({ length: Math.floor(size / piece.length) }, () => piece);
  const file = new File([...parts, piece.subarray(0, size % piece.length)], "p.bin", { type: "image/png" });
  const told = [];
  await storage.createFile({ ...bucket, fileId: "f", file, onProgress: ({ $id, ...progress }) => told.push(progress) });
  return told;
}

async function abortInPage({ worker, endpoint, bucket }) {
  await isojot.init({ worker });
  const storage = new isojot.Storage(new isojot.Client().setEndpoint(endpoint).setProject("demo"));
  const controller = new AbortController();
  const resume = {};
  const onProgress = ({ chunksUploaded }) => chunksUploaded === 2 && controller.abort(new Error("enough"));
  const file = new File([new Uint8Array(53_000_000)], "p.bin");
  const reason = await storage.createFile({ ...bucket, fileId: "f", file, resume, signal: controller.signal, onProgress }).catch(({ message }) => message);
  return { reason, kept: resume };
}

async function resumeInPage({ worker, endpoint, bucket, kept }) {
  await isojot.init({ worker });
  const storage = new isojot.Storage(new isojot.Client().setEndpoint(endpoint).setProject("later"));
  let told;
  await storage.createFile({ ...bucket, fileId: "f", file: new File([new Uint8Array(53_000_000)], "p.bin"), resume: kept, onProgress: (progress) => (told = progress) });
  return told;
}
