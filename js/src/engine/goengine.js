import { newCarrier } from "./carrier.js";
import { stopped } from "../shared/exception.js";
import { checkPlatform, privateScope } from "./scope.js";
import { instantiate } from "./source.js";
import { newTimers, timerFunctions } from "./timers.js";

/**
 * Makes what runs Go in the context that it is made in. `beside` has members of Go's global
 * object that replace the platform's.
 */
export function newGoEngine(platform, options, beside = {}) {
  const { global } = platform;
  checkPlatform(global, options.scope);
  const timers = newTimers(...timerFunctions(global, options.scope));
  const carrier = newCarrier();
  const scope = privateScope(global, options.scope, timers);
  const fetch = platform.fetchOver?.(scope.fetch) ?? scope.fetch;
  scope.fetch = (url, init) => carrier.fetch(fetch, url, init);
  for (const [name, value] of Object.entries(beside)) Object.defineProperty(scope, name, { __proto__: null, value, configurable: true });
  const go = guarded(platform.makeGo(scope), stop);
  let api;
  let memory;
  let values;
  let onEnd;
  let onGone;

  function stop(reason) {
    timers.stop();
    onEnd(reason);
    letGo();
    onGone?.();
  }

  // A program that crashed has aborted nothing: whatever answers late would
  // keep its memory until then. It holds what each request is aborted by.
  function letGo() {
    const held = values ?? [];
    values = undefined;
    go._inst = go.mem = go._values = go._ids = go._goRefCounts = go._idPool = undefined;
    held.filter((value) => Object.prototype.toString.call(value) === "[object AbortController]").forEach((controller) => controller.abort());
  }

  return {
    /** Runs the program and resolves with the functions that it hands over. `ended` is called with the reason when it ends. */
    async start(ended) {
      onEnd = ended;
      const ready = new Promise((resolve) => (scope.isojotReady = resolve));
      const instance = await instantiate(platform, options, go.importObject);
      memory = instance.exports.mem;
      go.run(instance).catch((cause) => ended(stopped(cause)));
      values = go._values; // which Go's own end takes from it
      api = await ready;
      return api;
    },

    /** Makes a call with what Go does not carry: see newCarrier(). */
    carry: carrier.call,

    /** Sets whether calls are under way: only they keep a Node process alive. */
    hold: (held) => timers.hold(held),

    /** The memory in bytes, which never shrinks. */
    memory: () => memory.buffer.byteLength,

    /** Ends the program; resolves when it has gone. */
    async exit() {
      const gone = new Promise((resolve) => (onGone = resolve));
      api.exit();
      await gone;
    },
  };
}

// A promise that Go waits for (a fetch under way) may settle after the
// program's end, and wasm_exec.js would then throw where nothing catches it: in
// Node, an unhandled rejection ends the process. A trap inside WebAssembly
// surfaces in the same place, and ends the program.
function guarded(Go, stop) {
  const go = new Go();
  const resume = go._resume;
  let trapped = false;
  go._resume = () => {
    if (trapped || go.exited) return;
    try {
      resume.call(go);
    } catch (cause) {
      trapped = true;
      stop(stopped(cause));
    }
  };
  go.exit = (code) => stop(stopped(code));
  // Where requests are kept apart (Workers), run()'s promise belongs to the
  // request that loaded the program, and no other request may settle it.
  go._resolveExitPromise = () => {};
  return go;
}
