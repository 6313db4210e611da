import { idOf, json, route, stamps } from "./http.js";

const FILES = "/storage/buckets/{bucketId}/files";
const FILE = `${FILES}/{fileId}`;

/** The files of all buckets. A preview is the file itself. */
export class Files {
  #files = new Map();
  #table = [
    ["GET", FILES, (call) => this.list(call)],
    ["POST", FILES, (call) => this.create(call)],
    ["GET", FILE, (call) => this.get(call)],
    ["GET", `${FILE}/preview`, (call) => this.show(call)],
    ["GET", `${FILE}/view`, (call) => this.show(call)],
    ["GET", `${FILE}/download`, (call) => this.show(call)],
  ];

  handler(method, path) {
    return route(this.#table, method, path);
  }

  list({ bucketId }) {
    const files = [...this.#files.values()].filter(({ model }) => model.bucketId === bucketId).map(({ model }) => model);
    return json(200, { total: files.length, files });
  }

  // A large file comes in chunks: each says what part it is, and all but the
  // first which file it is of.
  async create({ bucketId, headers, fields, file }) {
    const bytes = Buffer.from(await file.arrayBuffer());
    const [, from, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers["content-range"] ?? `bytes 0-0/${bytes.length}`);
    const id = headers["x-appwrite-id"] ?? idOf(fields.find(([name]) => name === "fileId")[1]);
    if (!this.#files.has(id)) this.#files.set(id, this.#begun(id, bucketId, file, Number(size), fields));
    const { model, content } = this.#files.get(id);
    bytes.copy(content, Number(from));
    model.chunksUploaded++;
    return json(201, model);
  }

  #begun(id, bucketId, { name, type }, size, fields) {
    const $permissions = fields.filter(([field]) => field === "permissions[]").map(([, value]) => value);
    const model = {
      $id: id, bucketId, ...stamps(), $permissions, name, folder: "", key: "", signature: "", mimeType: type || "application/octet-stream",
      sizeOriginal: size, sizeActual: size, chunksTotal: Math.max(1, Math.ceil(size / (5 << 20))), chunksUploaded: 0, encryption: false, compression: "none",
    };
    return { model, content: Buffer.alloc(size) };
  }

  get({ fileId }) {
    const file = this.#files.get(fileId);
    return file ? json(200, file.model) : notFound();
  }

  show({ fileId }) {
    const file = this.#files.get(fileId);
    return file ? { status: 200, headers: { "content-type": file.model.mimeType }, body: file.content } : notFound();
  }
}

function notFound() {
  return json(404, { message: "The requested file could not be found.", code: 404, type: "storage_file_not_found" });
}
