import { newCarrier } from "./carrier.js";
import { stopped } from "../shared/exception.js";
import { checkPlatform, privateScope } from "./scope.js";
import { instantiate } from "./source.js";
import { Timers } from "./timers.js";

/**
 * Runs Go in the context that it is made in. `beside` has members of Go's global
 * object that replace the platform's.
 */
export class GoEngine {
  #platform;
  #options;
  #timers;
  #carrier = newCarrier();
  #scope;
  #go;
  #api;
  #gone;
  #memory;
  #values;
  #ended;

  constructor(platform, options, beside = {}) {
    const { global } = platform;
    checkPlatform(global, options.scope);
    this.#platform = platform;
    this.#options = options;
    this.#timers = new Timers(
      options.scope.setTimeout ?? ((...args) => global.setTimeout(...args)),
      options.scope.clearTimeout ?? ((timer) => global.clearTimeout(timer)),
    );
    const scope = privateScope(global, options.scope, this.#timers);
    const fetch = scope.fetch;
    scope.fetch = (url, init) => this.#carrier.fetch(fetch, url, init);
    this.#scope = Object.defineProperties(scope, Object.getOwnPropertyDescriptors(beside));
    this.#go = this.#guarded(platform.makeGo(this.#scope));
  }

  /** Runs the program and resolves with the functions that it hands over. `ended` is called with the reason when it ends. */
  async start(ended) {
    this.#ended = ended;
    const ready = new Promise((resolve) => {
      this.#scope.isojotReady = resolve;
    });
    const instance = await instantiate(this.#platform, this.#options, this.#go.importObject);
    this.#memory = instance.exports.mem;
    this.#go.run(instance).catch((cause) => ended(stopped(cause)));
    this.#values = this.#go._values; // which Go's own end takes from it
    this.#api = await ready;
    return this.#api;
  }

  /** Makes a call with what Go does not carry: see newCarrier(). */
  carry(operation, request, send) {
    return this.#carrier.call(operation, request, send);
  }

  /** Sets whether calls are under way: only they keep a Node process alive. */
  hold(held) {
    this.#timers.hold(held);
  }

  /** The memory in bytes, which never shrinks. */
  memory() {
    return this.#memory.buffer.byteLength;
  }

  /** Ends the program; resolves when it has gone. */
  async exit() {
    const gone = new Promise((resolve) => (this.#gone = resolve));
    this.#api.exit();
    await gone;
  }

  // A promise that Go waits for (a fetch under way) may settle after the
  // program's end, and wasm_exec.js would then throw where nothing catches it: in
  // Node, an unhandled rejection ends the process. A trap inside WebAssembly
  // surfaces in the same place, and ends the program.
  #guarded(Go) {
    const go = new Go();
    const resume = go._resume;
    let trapped = false;
    go._resume = () => {
      if (trapped || go.exited) return;
      try {
        resume.call(go);
      } catch (cause) {
        trapped = true;
        this.#stop(stopped(cause));
      }
    };
    go.exit = (code) => this.#stop(stopped(code));
    // Where requests are kept apart (Workers), run()'s promise belongs to the
    // request that loaded the program, and no other request may settle it.
    go._resolveExitPromise = () => {};
    return go;
  }

  #stop(reason) {
    this.#timers.stop();
    this.#ended(reason);
    this.#letGo();
    this.#gone?.();
  }

  // A program that crashed has aborted nothing: whatever answers late would
  // keep its memory until then. It holds what each request is aborted by.
  #letGo() {
    const held = this.#values ?? [];
    this.#values = undefined;
    const go = this.#go;
    go._inst = go.mem = go._values = go._ids = go._goRefCounts = go._idPool = undefined;
    held.filter((value) => Object.prototype.toString.call(value) === "[object AbortController]").forEach((controller) => controller.abort());
  }
}
