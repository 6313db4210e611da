import { abortable } from "../shared/abort.js";
import { AppwriteException, invalidParameter } from "../shared/exception.js";
import { stateOf } from "../shared/hidden.js";
import { together, transfer } from "./chunks.js";

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
export function upload(client, operation, params, { signal, onProgress, resume = {} }) {
  const send = (payload, headers, abort) => client.invoke(operation, payload, abort, headers);
  const sendRest = (upload, atOnce) => persist(upload, atOnce, client, signal);
  return transfer(params, send, onProgress, { signal, begin: (size) => begin(resume, size), sendRest });
}

// The state of an upload, which goes on or begins.
function begin(resume, size) {
  if (Object(resume) !== resume) throw invalidParameter("resume must be an object");
  if (!resume.$id) Object.assign(resume, { size, chunks: [] });
  if (resume.size !== size) throw invalidParameter(`resume is of a file of ${resume.size} bytes, and this one has ${size}: give that file, or {}`);
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
