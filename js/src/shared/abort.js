import { invalidParameter } from "./exception.js";

/**
 * Runs `start(task)` and settles as its promise does, unless `signal` aborts it:
 * then it rejects at once with the signal's reason. A signal that has already
 * aborted starts nothing. After an abort `task.aborted` is true, and
 * `task.cancel` is called if `start` has set it.
 */
export async function abortable(signal, start) {
  if (signal === undefined || signal === null) return start({ aborted: false, cancel: undefined });
  if (!isSignal(signal)) {
    throw invalidParameter('"signal" must be an AbortSignal, such as new AbortController().signal');
  }
  if (signal.aborted) throw reasonOf(signal);
  return withSignal(signal, start);
}

function withSignal(signal, start) {
  return new Promise((resolve, reject) => {
    const task = { aborted: false, cancel: undefined };
    const running = start(task);
    const remove = onAbort(signal, () => {
      task.aborted = true;
      reject(reasonOf(signal));
      task.cancel?.();
    });
    running.then(resolve, reject).finally(remove);
  });
}

// The functions to call for each signal. All calls with one signal share one
// listener: Node warns of a leak where it sees more than ten.
const waiting = new WeakMap();

function onAbort(signal, fn) {
  const group = waiting.get(signal) ?? listenTo(signal);
  group.functions.add(fn);
  return () => {
    group.functions.delete(fn);
    if (group.functions.size === 0) group.stop();
  };
}

function listenTo(signal) {
  const functions = new Set();
  const listener = () => functions.forEach((fn) => fn());
  const stop = () => {
    signal.removeEventListener("abort", listener);
    waiting.delete(signal);
  };
  const group = { functions, stop };
  signal.addEventListener("abort", listener, { __proto__: null, once: true });
  waiting.set(signal, group);
  return group;
}

// By its members rather than instanceof: it may come from another realm, such
// as a frame or a test's DOM.
function isSignal(value) {
  return typeof value.aborted === "boolean" && typeof value.addEventListener === "function" && typeof value.removeEventListener === "function";
}

// Safari before 15.4 gives no reason.
function reasonOf(signal) {
  return signal.reason ?? new DOMException("The call was aborted", "AbortError");
}
