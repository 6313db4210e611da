import { failure } from "../shared/exception.js";
import { given } from "../shared/members.js";

/** The size of a chunk in bytes; what is no larger goes in one request. */
export const CHUNK_SIZE = 5 * 1024 * 1024;

// As many chunks are under way at once as in the official packages.
const AT_ONCE = 8;

/**
 * Performs an operation that takes a file. `onProgress` hears of each chunk; `resume` is
 * an object that is kept up to date, by which an upload that failed or was
 * aborted goes on when it is given again.
 */
export function upload(client, operation, params, { signal, onProgress, resume }) {
  const name = operation.params.find((param) => isFile(given(params, param)));
  const send = (file, headers, abort) => client.invoke(operation, { ...params, [name]: file }, abort, headers);
  return transfer(name && params[name], send, { signal, onProgress, resume });
}

/** Does what the official client's method of that name does, for services that are not of this package. */
export function chunkedUpload(client, method, url, headers = {}, payload = {}, onProgress) {
  const [name, file] = Object.entries(payload).find(([, value]) => isFile(value)) ?? [];
  const send = (part, more) => client.call(method, url, { ...headers, ...more }, { ...payload, [name]: part });
  return transfer(file, send, { onProgress });
}

// The file goes in one request, or its first chunk alone, which gives the id of
// the upload, and then the others.
async function transfer(file, send, { signal, onProgress, resume = {} }) {
  const source = await sourceOf(file);
  if (source.size <= CHUNK_SIZE) return send(await source.whole(), {}, signal);
  const it = new Transfer(source, send, onProgress, resume);
  if (!it.state.$id) await it.sendChunk(0, signal);
  await it.sendOthers(signal);
  return it.end();
}

class Transfer {
  constructor(source, send, onProgress, state) {
    this.source = source;
    this.send = send;
    this.onProgress = onProgress;
    this.total = Math.ceil(source.size / CHUNK_SIZE);
    this.state = begun(state, source.size);
    this.last = null;
    this.complete = null;
  }

  async sendChunk(number, signal) {
    const { source, state, total } = this;
    const start = number * CHUNK_SIZE;
    const end = Math.min(start + CHUNK_SIZE, source.size);
    const id = state.$id && { "x-appwrite-id": state.$id };
    const answer = await this.send(await source.chunk(start, end), { "content-range": `bytes ${start}-${end - 1}/${source.size}`, ...id }, signal);
    if (signal?.aborted) throw signal.reason;
    state.$id ??= answer?.$id;
    state.chunks.push(number);
    this.last = answer;
    if (answer?.chunksUploaded >= (answer?.chunksTotal ?? total)) this.complete = answer;
    this.tell();
  }

  // The first failure ends the others, and is the caller's when they have ended.
  async sendOthers(signal) {
    const left = Array.from({ length: this.total }, (_, i) => i).filter((number) => !this.state.chunks.includes(number));
    const stop = new AbortController();
    const pass = () => stop.abort(signal.reason);
    signal?.addEventListener("abort", pass);
    const work = async () => {
      while (left.length > 0) await this.sendChunk(left.shift(), stop.signal);
    };
    const workers = Array.from({ length: this.source.inOrder ? 1 : AT_ONCE }, work);
    try {
      await Promise.all(workers);
    } catch (error) {
      left.length = 0;
      stop.abort(error);
      await Promise.allSettled(workers);
      throw error;
    } finally {
      signal?.removeEventListener("abort", pass);
    }
  }

  tell() {
    const { onProgress, source, state, total } = this;
    if (typeof onProgress !== "function") return;
    const missing = state.chunks.includes(total - 1) ? total * CHUNK_SIZE - source.size : 0;
    const sizeUploaded = state.chunks.length * CHUNK_SIZE - missing;
    const progress = Math.round((sizeUploaded / source.size) * 100);
    onProgress({ $id: state.$id, progress, sizeUploaded, chunksTotal: total, chunksUploaded: state.chunks.length });
  }

  // What was done is forgotten, so that the object can serve another upload.
  end() {
    delete this.state.$id;
    delete this.state.size;
    this.state.chunks = [];
    return this.complete ?? this.last;
  }
}

// The state of an upload that goes on, or begins.
function begun(state, size) {
  if (typeof state !== "object" || state === null) throw invalid("resume must be an object, which the upload keeps up to date");
  if (state.$id && state.size !== size) {
    throw invalid(`resume is of a file of ${state.size} bytes, and this one has ${size}: give the same file, or an empty object to begin anew`);
  }
  state.size = size;
  state.chunks = state.$id && Array.isArray(state.chunks) ? state.chunks : [];
  return state;
}

function isFile(value) {
  return isBlob(value) || isInputFile(value) || isBytes(value) || isStream(value);
}

// By what they have, since they may be of another realm or package.
function isBlob(value) {
  return typeof value?.arrayBuffer === "function" && typeof value.slice === "function" && typeof value.size === "number";
}

function isInputFile(value) {
  return typeof value?.toFile === "function" && typeof value.slice === "function" && typeof value.size === "function";
}

function isBytes(value) {
  return ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

function isStream(value) {
  return typeof value?.getReader === "function" || (typeof value?.pipe === "function" && typeof value[Symbol.asyncIterator] === "function");
}

/** What a file is sent from: its size, all of it and parts of it as Files, and whether parts are read in order only. */
async function sourceOf(file) {
  if (isBlob(file)) return source(file.size, file.name ?? "blob", (start, end) => file.slice(start, end), () => file);
  if (isInputFile(file)) return source(await file.size(), file.filename, (start, end) => file.slice(start, end), undefined, file.inOrder);
  if (isBytes(file)) {
    const bytes = ArrayBuffer.isView(file) ? new Uint8Array(file.buffer, file.byteOffset, file.byteLength) : new Uint8Array(file);
    return source(bytes.length, "file", (start, end) => bytes.subarray(start, end));
  }
  if (isStream(file)) throw invalid("file is a stream, which does not say its size: on a server give InputFile.fromStream(stream, name, size)");
  throw invalid("file must be a File, a Blob or bytes, or on a server an InputFile");
}

function source(size, name, slice, whole, inOrder = false) {
  const chunk = async (start, end) => new File([await slice(start, end)], name);
  return { size, inOrder, chunk, whole: whole ?? (() => chunk(0, size)) };
}

function invalid(message) {
  return failure("client_invalid_argument", `Invalid parameter: ${message}`);
}
