import { invalidParameter } from "../shared/exception.js";

/** The size of a chunk in bytes; what is no larger goes in one request. */
export const CHUNK_SIZE = 5 * 1024 * 1024;

// As many chunks are under way at once as in the official packages.
const AT_ONCE = 8;

/**
 * Performs an operation that takes a file. `onProgress` hears of each chunk;
 * `resume` is an object that is kept up to date, by which an upload that failed
 * or was aborted goes on when it is given again.
 */
export function upload(client, operation, params, { signal, onProgress, resume }) {
  const send = (payload, headers, abort) => client.invoke(operation, payload, abort, headers);
  return transfer(params, send, onProgress, signal, resume);
}

/** Does what the official client's method of that name does, for services that are not of this package. */
export function chunkedUpload(client, method, url, headers, payload, onProgress) {
  return transfer(payload, (part, more) => client.call(method, url, { ...headers, ...more }, part), onProgress);
}

// A file goes in one request; or its first chunk alone, which gives the id of the
// upload, and then the others.
async function transfer(payload, send, onProgress, signal, resume = {}) {
  const [param, file] = Object.entries(payload).find(([, value]) => value?.slice && value.size !== undefined) ?? [];
  if (!file) throw invalidParameter("file must be a File, a Blob or, on a server, an InputFile");
  const size = typeof file.size === "function" ? await file.size() : file.size;
  if (size <= CHUNK_SIZE) return send({ ...payload, [param]: file.toFile ? await file.toFile() : file }, {}, signal);

  const name = file.name ?? file.filename ?? "blob";
  const total = Math.ceil(size / CHUNK_SIZE);
  const chunks = begin(resume, size);
  let final;
  const sendChunk = async (number, abort) => {
    const start = number * CHUNK_SIZE;
    const end = Math.min(start + CHUNK_SIZE, size);
    const headers = { "content-range": `bytes ${start}-${end - 1}/${size}`, ...(resume.$id && { "x-appwrite-id": resume.$id }) };
    const answer = await send({ ...payload, [param]: new File([await file.slice(start, end)], name) }, headers, abort);
    if (abort?.aborted) return;
    resume.$id ??= answer?.$id;
    chunks.push(number);
    if (!(final?.chunksUploaded >= total)) final = answer;
    const sizeUploaded = chunks.length * CHUNK_SIZE - (chunks.includes(total - 1) ? total * CHUNK_SIZE - size : 0);
    onProgress?.({ $id: resume.$id, progress: Math.round((sizeUploaded / size) * 100), sizeUploaded, chunksTotal: total, chunksUploaded: chunks.length });
  };

  if (!resume.$id) await sendChunk(0, signal);
  const left = [...Array(total).keys()].filter((number) => !chunks.includes(number));
  await together(file.inOrder ? 1 : AT_ONCE, left, sendChunk, signal);
  delete resume.$id; // it can serve another upload
  return final;
}

// Does what is left, so many at once. The first failure ends the others, and is
// the caller's when they have ended.
async function together(many, left, act, signal) {
  const stop = new AbortController();
  const end = (reason) => {
    left.length = 0;
    stop.abort(reason);
    throw reason;
  };
  const pass = () => stop.abort(signal.reason);
  signal?.addEventListener("abort", pass);
  const work = async () => {
    while (left.length > 0) await act(left.shift(), stop.signal);
  };
  const outcomes = await Promise.allSettled(Array.from({ length: many }, () => work().catch(end)));
  signal?.removeEventListener("abort", pass);
  for (const { reason, status } of outcomes) if (status === "rejected") throw reason;
}

// The chunks that an upload has sent, which goes on or begins.
function begin(resume, size) {
  if (Object(resume) !== resume) throw invalidParameter("resume must be an object");
  if (!resume.$id) Object.assign(resume, { size, chunks: [] });
  if (resume.size !== size) throw invalidParameter(`resume is of a file of ${resume.size} bytes, and this one has ${size}: give that file, or {}`);
  return resume.chunks;
}
