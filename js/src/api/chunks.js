import { abortable } from "../shared/abort.js";
import { invalidParameter } from "../shared/exception.js";
import { given, own } from "../shared/members.js";

/** The size of a chunk in bytes; what is no larger goes in one request. */
export const CHUNK_SIZE = 5 * 1024 * 1024;

// As many chunks are under way at once as in the official packages.
const AT_ONCE = 8;

/**
 * Does what the official client's method of that name does, for services that are not of this
 * package. Each page loads it with the client, and so it does no more than that.
 */
export function chunkedUpload(client, method, url, headers, payload, onProgress) {
  const send = (part, more) => client.call(method, url, { ...headers, ...more }, part);
  return transfer(payload, send, onProgress, { begin: () => own({ chunks: [] }), sendRest: sendOnce });
}

async function sendOnce({ left, sendChunk, sent }, atOnce) {
  let over = false;
  const act = async (number) => {
    const answer = await sendChunk(number);
    if (!over) sent(number, answer);
  };
  await together(atOnce, left(), act).finally(() => (over = true));
}

/**
 * Sends a file in one request; or its first chunk alone, which gives the id of the
 * upload, and then the others by `sendRest`. `begin` gives the state of an upload of a size:
 * { $id, chunks }, the numbers of those that have been sent. It is kept up to date.
 */
export async function transfer(payload, send, onProgress, { begin, sendRest, signal }) {
  const [param, file] = Object.entries(payload).find(([, value]) => isFile(value)) ?? [];
  if (!file) throw invalidParameter("file must be a File, a Blob or, on a server, an InputFile");
  const size = typeof file.size === "function" ? await file.size() : file.size;
  const state = begin(size);
  if (size <= CHUNK_SIZE) return send({ ...payload, [param]: given(file, "toFile") ? await file.toFile() : file }, {}, signal);

  const name = nameOf(file);
  const total = Math.ceil(size / CHUNK_SIZE);
  const { chunks } = state;
  let final;
  const left = () => [...Array(total).keys()].filter((number) => !chunks.includes(number));
  const sendChunk = async (number, abort) => {
    const start = number * CHUNK_SIZE;
    const end = Math.min(start + CHUNK_SIZE, size);
    const headers = { "content-range": `bytes ${start}-${end - 1}/${size}`, ...(state.$id && { "x-appwrite-id": state.$id }) };
    const part = await abortable(abort, async () => file.slice(start, end)); // a stream may keep it waiting
    return send({ ...payload, [param]: new File([part], name) }, headers, abort);
  };
  const sent = (number, answer) => {
    const $id = (state.$id ??= given(Object(answer), "$id"));
    chunks.push(number);
    if (!(final?.chunksUploaded >= total)) final = answer;
    if (chunks.length === total) delete state.$id; // it can serve another upload
    const sizeUploaded = chunks.length * CHUNK_SIZE - (chunks.includes(total - 1) ? total * CHUNK_SIZE - size : 0);
    onProgress?.({ $id, progress: Math.round((sizeUploaded / size) * 100), sizeUploaded, chunksTotal: total, chunksUploaded: chunks.length });
  };

  if (!state.$id) sent(0, await sendChunk(0, signal));
  await sendRest({ left, sendChunk, sent }, file.inOrder ? 1 : AT_ONCE);
  return final;
}

/** Reports whether a parameter is what is uploaded. */
export function isFile(value) {
  return given(Object(value), "slice") && given(Object(value), "size") !== undefined;
}

/** The name of what is uploaded. */
export function nameOf(file) {
  return given(file, "name") ?? given(file, "filename") ?? "blob";
}

/** Does what is left, so many at once. The first failure is the caller's, after which nothing more is begun. */
export async function together(many, left, act) {
  const work = async () => {
    while (left.length > 0) await act(left.shift());
  };
  const end = (reason) => {
    left.length = 0;
    throw reason;
  };
  await Promise.all(Array.from({ length: many }, () => work().catch(end)));
}
