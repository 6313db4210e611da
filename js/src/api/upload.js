import { abortable } from "../shared/abort.js";
import { AppwriteException, invalidParameter } from "../shared/exception.js";
import { stateOf } from "../shared/hidden.js";
import { given } from "../shared/members.js";
import { CHUNK_SIZE, isFile, nameOf, together, transfer } from "./chunks.js";

// How often a chunk is tried again: over a minute where too many were sent, which
// is how long Appwrite counts. The pauses, in milliseconds, double from the first,
// unless the server says how long, and that is no longer than the most.
const AGAIN = 3;
const AGAIN_LIMITED = 6;
const FIRST_PAUSE = 1000;
const MOST_PAUSE = 60_000;

// The states of the uploads under way: two by one would mix their files.
const busy = new WeakSet();

/**
 * Performs an operation that takes a file. `onProgress` hears of each chunk;
 * `resume` is an object that is kept up to date, by which an upload that failed
 * or was aborted goes on when it is given again.
 */
export async function upload(client, operation, params, { signal, onProgress, resume: state }) {
  const resume = state ?? {};
  if (typeof (onProgress ?? upload) !== "function") throw invalidParameter("onProgress must be a function");
  checkShape(resume);
  if (busy.has(resume)) throw invalidParameter("resume is that of an upload under way: give each upload an object of its own");
  busy.add(resume);
  const send = (payload, headers, abort) => client.invoke(operation, payload, abort, headers);
  const sendRest = (upload, atOnce) => persist(upload, atOnce, client, signal);
  try {
    return await transfer(params, send, onProgress, { signal, begin: (size) => begin(resume, size, targetOf(operation, params)), sendRest });
  } finally {
    busy.delete(resume);
  }
}

function checkShape(resume) {
  if (Object(resume) !== resume) throw invalidParameter("resume must be an object");
  if (!given(resume, "$id")) return;
  const { $id, size, chunks } = resume;
  const isChunk = (number, i) => Number.isInteger(number) && number >= 0 && chunks.indexOf(number) === i;
  if (typeof $id !== "string" || !Number.isSafeInteger(size) || !Array.isArray(chunks) || !chunks.every(isChunk)) throw noState();
}

function noState() {
  return invalidParameter("resume is no state of an upload, { $id, size, chunks }: give back the object that an upload was given, or {}");
}

// What says which file it is and where it goes to: its name, and the ids of its place.
function targetOf({ pattern }, params) {
  const isId = (name) => name === "fileId" || pattern.includes(`{${name}}`);
  const told = ([name, value]) => (isFile(value) ? [[name, nameOf(value)]] : isId(name) ? [[name, String(value)]] : []);
  return Object.fromEntries(Object.entries(params).flatMap(told));
}

// The state of an upload, which goes on or begins.
function begin(resume, size, target) {
  if (!given(resume, "$id")) return Object.assign(resume, { $id: undefined, size, chunks: [], target });
  if (resume.size !== size) throw invalidParameter(`resume is of a file of ${resume.size} bytes, and this one has ${size}: give that file, or {}`);
  for (const [name, value] of Object.entries(given(resume, "target") ?? {})) {
    if (target[name] !== value) throw invalidParameter(`resume is of an upload whose ${name} was ${value}, and this one's is ${target[name]}: give that one, or {}`);
  }
  const last = Math.ceil(size / CHUNK_SIZE) - 1;
  if (resume.chunks.some((number) => number > last)) throw noState();
  // Where nothing is left the answer is that to the last chunk, sent again.
  if (resume.chunks.length > last) resume.chunks.splice(resume.chunks.indexOf(last), 1);
  return resume;
}

// Sends what is left, so many chunks at once. The server knows a chunk by its
// range, and so it is safe to send one again. One by one they go to a server that has
// refused some for their number.
async function persist({ left, sendChunk, sent }, atOnce, client, signal) {
  const failures = {};
  for (let next = left(); next.length > 0; next = left()) {
    let pause = 0;
    await stoppable(signal, (abort) => together(atOnce, next, async (number) => {
      let answer;
      try {
        answer = await sendChunk(number, abort);
      } catch (error) {
        const needed = pauseAfter(error, failures[number] ?? 0);
        if (abort.aborted || needed === undefined) throw error;
        failures[number] = (failures[number] ?? 0) + 1;
        next.length = 0; // for all wait
        pause = Math.max(pause, needed);
        if (error.code === 429 || error.code === 503) atOnce = 1;
        return;
      }
      if (!abort.aborted) sent(number, answer);
    }));
    if (pause) await sleep(stateOf(client).runtime.timers(), pause, signal);
  }
}

// Does `act` with a signal, by which the caller's ends it, or its own failure what it
// has begun.
async function stoppable(signal, act) {
  const stop = new AbortController();
  const pass = () => stop.abort(signal.reason);
  if (signal?.aborted) pass();
  signal?.addEventListener("abort", pass);
  try {
    await act(stop.signal);
  } catch (reason) {
    stop.abort(reason);
    throw reason;
  } finally {
    signal?.removeEventListener("abort", pass);
  }
}

// The milliseconds to wait before a chunk is sent again that had failed so often
// before; undefined where that would not help, or not soon. A stream fails with errors of
// its own, and cannot be read again.
function pauseAfter(error, failures) {
  if (!(error instanceof AppwriteException)) return undefined;
  const { type, code, retryAfter } = error;
  const passes = type === "client_network" || code === 408 || code === 429 || code >= 500;
  const pause = retryAfter * 1000 || FIRST_PAUSE * 2 ** failures;
  return passes && failures < (code === 429 ? AGAIN_LIMITED : AGAIN) && pause <= MOST_PAUSE ? pause : undefined;
}

function sleep([start, cancel], milliseconds, signal) {
  return abortable(signal, (task) => new Promise((resolve) => {
    const timer = start(resolve, milliseconds);
    task.cancel = () => cancel(timer);
  }));
}
