// Files that are uploaded, from Node and from Chromium: the chunks are the
// official packages', what is held in memory does not grow with the file, and an
// upload that was aborted or failed goes on.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as ours from "../../js/dist/isojot.node.mjs";
import { newPage, startChromium } from "./support/chromium.mjs";
import { html, startPages } from "./support/pages.mjs";
import { json, partsOf, refused, startRecorder } from "./support/recorder.mjs";

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
    assert.deepEqual(requests.map(({ fields }) => fields.at(-1).sum ?? fields[1].sum).length, 3);
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

test("an upload whose chunk fails, or that is aborted, goes on where it was", async (t) => {
  const bytes = bytesOf(43 * MiB);
  const file = ours.InputFile.fromBuffer(bytes, "a.bin");
  let broken = "bytes 15728640-";
  const recorder = await startStorage(t, ({ headers }) => headers["content-range"].startsWith(broken));
  const storage = new ours.Storage(clientOf(ours, recorder));
  const resume = {};
  await assert.rejects(storage.createFile({ ...bucket, fileId: "f", file, resume }), { code: 500, message: "the disk is full" });
  assert.equal(resume.chunks.includes(3), false);
  assert.equal(resume.size, bytes.length);
  const kept = JSON.parse(JSON.stringify(resume)); // as a page would, over a reload
  broken = "none";

  const controller = new AbortController();
  const reason = new Error("enough");
  const aborted = storage.createFile({ ...bucket, fileId: "f", file, resume: kept, signal: controller.signal, onProgress: () => controller.abort(reason) });
  await assert.rejects(aborted, reason);
  const before = [...kept.chunks];
  assert.ok(before.length < 9, `${before.length} of 9 chunks`);

  const told = [];
  // What was under way when it was aborted may come still: this one is known by its project.
  const later = new ours.Storage(clientOf(ours, recorder).setProject("later"));
  const { chunksUploaded } = await later.createFile({ ...bucket, fileId: "f", file, resume: kept, onProgress: (progress) => told.push(progress) });
  const requests = sent(recorder).filter(({ project }) => project === "later");
  assert.deepEqual(requests.map(({ range }) => Number(/\d+/.exec(range)[0]) / (5 * MiB)), Array.from({ length: 9 }, (_, i) => i).filter((i) => !before.includes(i)));
  assert.deepEqual(new Set(requests.map(({ id }) => id)), new Set(["file0"]));
  assert.equal(told.at(-1).progress, 100);
  assert.equal(told.at(-1).sizeUploaded, bytes.length);
  assert.ok(chunksUploaded >= 9);
  assert.equal(kept.$id, undefined, "it can serve another upload");
  const other = { ...JSON.parse(JSON.stringify(resume)), size: 1 };
  await assert.rejects(storage.createFile({ ...bucket, fileId: "f", file, resume: other }), { type: "client_invalid_argument", message: /resume is of a file of 1 bytes/ });
});

test("what Node holds does not grow with the file", async (t) => {
  const recorder = await startStorage(t);
  const folder = await mkdtemp(join(tmpdir(), "isojot-upload-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "large");
  const file = await open(path, "w");
  await file.truncate(400 * MiB);
  await file.close();
  const storage = new ours.Storage(clientOf(ours, recorder));
  const wasm = () => ours.stats().memory;
  await storage.createFile({ ...bucket, fileId: "f", file: ours.InputFile.fromBuffer(Buffer.alloc(1), "a") });
  const before = wasm();
  const before2 = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = () => (most = Math.max(most, process.memoryUsage().arrayBuffers - before2));
  const { chunksUploaded } = await storage.createFile({ ...bucket, fileId: "f", file: ours.InputFile.fromStream(createReadStream(path), "large", 400 * MiB), onProgress: watch });
  assert.equal(chunksUploaded, 80);
  t.diagnostic(`400 MiB: at most ${Math.round(most / MiB)} MiB of buffers, the server's of this process included; WebAssembly ${before / MiB} to ${wasm() / MiB} MiB`);
  assert.ok(most < 200 * MiB, `${most / MiB} MiB`);
  assert.ok(wasm() - before < 8 * MiB, "the file is not in WebAssembly");
});

test("Chromium sends the chunks of npm appwrite, in the page and in a worker, and its heap does not grow with the file", async (t) => {
  const recorder = await startStorage(t);
  const pages = await startPages(t, { "/official": html("/official/sdk.js"), "/ours": html("/sdk/isojot.js") });
  const browser = await startChromium(t, { args: ["--enable-precise-memory-info"] });
  const run = async (path, global, worker) => {
    const page = await newPage(browser);
    await page.goto(pages + path);
    const answers = [];
    for (const size of SIZES) {
      const told = await page.evaluate(uploadInPage, { global, worker, endpoint: recorder.endpoint, size, bucket });
      answers.push({ requests: sent(recorder).map(({ id, ...request }) => ({ ...request, id: id && "one" })), told: heard(told.told) });
      if (told.memory) t.diagnostic(`${path} ${size} bytes: JavaScript heap +${(told.heap / MiB).toFixed(1)} MiB, WebAssembly ${told.memory / MiB} MiB`);
      assert.ok(told.heap < 16 * MiB, `${path}, ${size} bytes: the heap grew by ${told.heap / MiB} MiB`);
    }
    await page.close();
    return answers;
  };
  const theirs = await run("/official", "Appwrite", false);
  assert.deepEqual(await run("/ours", "isojot", false), theirs);
  assert.deepEqual(await run("/ours", "isojot", true), theirs);
});

// Runs in the page.
async function uploadInPage({ global, worker, endpoint, size, bucket }) {
  const sdk = globalThis[global];
  if (worker) await sdk.init({ worker: true });
  const storage = new sdk.Storage(new sdk.Client().setEndpoint(endpoint).setProject("demo"));
  const piece = new Uint8Array(1 << 20).map((_, i) => i % 251);
  const parts = Array.from({ length: Math.floor(size / piece.length) }, () => piece);
  const file = new File([...parts, piece.subarray(0, size % piece.length)], "p.bin", { type: "image/png" });
  const before = performance.memory.usedJSHeapSize;
  let heap = 0;
  const told = [];
  const onProgress = ({ $id, ...progress }) => {
    told.push(progress);
    heap = Math.max(heap, performance.memory.usedJSHeapSize - before);
  };
  await storage.createFile({ ...bucket, fileId: "f", file, onProgress });
  return { told, heap, memory: sdk.stats?.().memory };
}
