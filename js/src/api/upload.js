import { abortable } from "../shared/abort.js";
import { invalidParameter } from "../shared/exception.js";
import { stateOf } from "../shared/hidden.js";

/** The size of a chunk in bytes; what is no larger goes in one request. */
export const CHUNK_SIZE = 5 * 1024 * 1024;

// As many chunks are under way at once as in the official packages.
const AT_ONCE = 8;

// How often a chunk is tried again: over a minute where too many were sent, which
// is how long Appwrite counts. The pauses, in milliseconds, double from the first,
// unless the server says how long, and that is no longer than the most.
const AGAIN = 3;
const AGAIN_LIMITED = 6;
const FIRST_PAUSE = 1000;
const MOST_PAUSE = 60_000;

/**
 * Performs an operation that takes a file. `onProgress` hears of each chunk;
 * `resume` is an object that is kept up to date, by which an upload that failed
 * or was aborted goes on when it is given again.
 */
export function upload(client, operation, params, beside) {
  const send = (payload, headers, abort) => client.invoke(operation, payload, abort, headers);
  return transfer(client, params, send, beside);
}

/** Does what the official client's method of that name does, for services that are not of this package. */
export function chunkedUpload(client, method, url, headers, payload, onProgress) {
  return transfer(client, payload, (part, more) => client.call(method, url, { ...headers, ...more }, part), { onProgress });
}

// A file goes in one request; or its first chunk alone, which gives the id of the
// upload, and then the others.
async function transfer(client, payload, send, { signal, onProgress, resume = {} }) {
  const [param, file] = Object.entries(payload).find(([, value]) => value?.slice && value.size !== undefined) ?? [];
  if (!file) throw invalidParameter("file must be a File or a Blob, or on a server an InputFile");
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
    const part = await abortable(abort, async () => file.slice(start, end)); // a stream may keep it waiting
    return send({ ...payload, [param]: new File([part], name) }, headers, abort);
  };
  const sent = (number, answer) => {
    const $id = (resume.$id ??= answer?.$id);
    chunks.push(number);
    if (!(final?.chunksUploaded >= total)) final = answer;
    if (chunks.length === total) delete resume.$id; // it can serve another upload
    const sizeUploaded = chunks.length * CHUNK_SIZE - (chunks.includes(total - 1) ? total * CHUNK_SIZE - size : 0);
    onProgress?.({ $id, progress: Math.round((sizeUploaded / size) * 100), sizeUploaded, chunksTotal: total, chunksUploaded: chunks.length });
  };

  if (!resume.$id) sent(0, await sendChunk(0, signal));
  await sendRest({ total, chunks, sendChunk, sent }, file.inOrder ? 1 : AT_ONCE, client, signal);
  return final;
}

// Sends what is left, so many chunks at once. The server knows a chunk by its
// range, and so it is safe to send one again. One by one they go to a server that has
// refused some for their number.
async function sendRest({ total, chunks, sendChunk, sent }, atOnce, client, signal) {
  const failures = Array(total).fill(0);
  while (chunks.length < total) {
    const left = [...failures.keys()].filter((number) => !chunks.includes(number));
    let pause = 0;
    await together(atOnce, left, signal, async (number, abort) => {
      let answer;
      try {
        answer = await sendChunk(number, abort);
      } catch (error) {
        const needed = pauseAfter(error, failures[number]++);
        if (abort.aborted || needed === undefined) throw error;
        left.length = 0; // for all wait
        pause = Math.max(pause, needed);
        if (error.code === 429 || error.code === 503) atOnce = 1;
        return;
      }
      if (!abort.aborted) sent(number, answer);
    });
    if (pause) await stateOf(client).runtime.pause(pause, signal);
  }
}

// The milliseconds to wait before a chunk is sent again that had failed so often
// before; undefined where that would not help, or not soon.
function pauseAfter({ type, code, retryAfter }, failures) {
  const passes = type === "client_network" || code === 408 || code === 429 || code >= 500;
  const pause = retryAfter * 1000 || FIRST_PAUSE * 2 ** failures;
  return passes && failures < (code === 429 ? AGAIN_LIMITED : AGAIN) && pause <= MOST_PAUSE ? pause : undefined;
}

// Does what is left, so many at once. The first failure ends the others, and is
// the caller's when they have ended.
async function together(many, left, signal, act) {
  const stop = new AbortController();
  const end = (reason) => {
    left.length = 0;
    stop.abort(reason);
    throw reason;
  };
  const pass = () => stop.abort(signal.reason);
  if (signal?.aborted) pass();
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
  if (Object(resume) !== resume) throw invalidParameter("resume must be an object, which the upload keeps up to date");
  if (!resume.$id) Object.assign(resume, { size, chunks: [] });
  if (resume.size !== size) throw invalidParameter(`resume is of a file of ${resume.size} bytes, and this one has ${size}: give the same file, or an empty object to begin anew`);
  return resume.chunks;
}
