import { failure, toException } from "./exception.js";
import { privateScope } from "./scope.js";
import { instantiate } from "./source.js";
import { Timers } from "./timers.js";

/**
 * Starts one Go program and resolves with it once it is ready to be called.
 * `run` is { over, clock }: whether what it tells is of no more account, and
 * its clocks. `onEnd` is called once, when it has ended for whatever reason.
 */
export async function startProgram(platform, options, run, onEnd) {
  const { global } = platform;
  const timers = new Timers(
    options.scope.setTimeout ?? ((...args) => global.setTimeout(...args)),
    options.scope.clearTimeout ?? ((timer) => global.clearTimeout(timer)),
  );
  const scope = privateScope(global, options.scope, timers);
  const program = new Program(platform.makeGo(scope), timers, run, onEnd);
  await program.start((imports) => instantiate(platform, options, imports), scope, platform.version);
  return program;
}

/** One running instance of the Go program, and the calls that wait for it. */
class Program {
  #go;
  #api;
  #gone;
  #timers;
  #run;
  #onEnd;
  #ended;
  #lastId = 0;
  #pending = new Set();
  #handles = new WeakMap();
  #memory;
  #values;
  #closer = new FinalizationRegistry((handle) => this.#ended || handle.close());

  constructor(Go, timers, run, onEnd) {
    this.#timers = timers;
    this.#run = run;
    this.#onEnd = onEnd;
    this.#go = this.#guarded(Go);
  }

  /** Runs the program until it has handed over its functions, and checks its version. */
  async start(getInstance, scope, version) {
    const ready = new Promise((resolve, reject) => {
      scope.isojotReady = resolve;
      this.#pending.add({ reject });
    });
    const instance = await getInstance(this.#go.importObject);
    this.#memory = instance.exports.mem;
    this.#go.run(instance).catch((cause) => this.#end(stopped(cause)));
    this.#values = this.#go._values; // which Go's own end takes from it
    this.#api = await ready;
    this.#pending.clear();
    if (this.#api.version === version) return;
    await this.exit(mixedVersions(this.#api.version, version));
    throw this.#ended;
  }

  /** Sends one operation on behalf of a client, which `auth` stands for, with the configuration given. */
  call(auth, config, operation, params, task) {
    return this.#send(auth, config, task, (handle, id) => handle.call(id, operation, params));
  }

  /** Asks for the client's token. */
  token(auth, config, forceRefresh, task) {
    return this.#send(auth, config, task, (handle, id) => handle.token(id, forceRefresh));
  }

  /** Makes Go tell `auth` of its changes, also without a call. */
  watch(auth, config) {
    if (this.#ended) throw this.#ended;
    this.#handle(auth, config);
  }

  /** Closes the handle of a client that is of no more use; its calls under way are aborted. */
  release(auth) {
    const known = this.#handles.get(auth);
    if (!known || this.#ended) return;
    this.#handles.delete(auth);
    this.#closer.unregister(auth);
    known.handle.close();
  }

  /** What it holds: the handles that are open, and its memory in bytes, which never shrinks. */
  stats() {
    return { handles: this.#api.handles(), memory: this.#memory.buffer.byteLength };
  }

  /** Reads the claims of a token; throws when it is malformed. */
  decode(token) {
    if (this.#ended) throw this.#ended;
    const claims = this.#api.decode(token);
    if (claims instanceof Error) throw toException(claims);
    return claims;
  }

  /** Ends the program, rejecting what waits for it with `reason`; resolves when Go has gone. */
  async exit(reason) {
    if (this.#end(reason) !== reason) return;
    const gone = new Promise((resolve) => (this.#gone = resolve));
    this.#api.exit();
    await gone;
  }

  #send(auth, config, task, start) {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      const handle = this.#handle(auth, config);
      const id = ++this.#lastId;
      const answer = start(handle, id);
      // Go answers with nothing only if it ended in the middle of it.
      if (!answer) throw this.#end(stopped());
      // A handle that was closed has aborted its calls by itself.
      task.cancel = () => this.#ended || this.#handles.get(auth)?.handle !== handle || handle.cancel(id);
      // The client's part is kept so that its handle isn't closed under the call.
      const entry = { reject, auth };
      this.#add(entry);
      answer.then(resolve, (error) => reject(toException(error))).finally(() => this.#delete(entry));
    });
  }

  #handle(auth, config) {
    const known = this.#handles.get(auth);
    if (!known) return this.#open(auth, config);
    if (!sameConfig(known.config, config)) {
      known.config = config;
      known.handle.configure(config);
    }
    return known.handle;
  }

  // Go keeps the function that it tells by until the handle is closed, which
  // waits for `auth` to be gone: the function must not keep it.
  #open(auth, config) {
    const known = { config };
    const reference = new WeakRef(auth);
    const run = this.#run;
    const notify = (kind, payload) => reference.deref()?.receive(kind, payload, run, known.config.generation);
    known.handle = this.#api.open(config, notify);
    if (!known.handle) throw this.#end(stopped());
    if (known.handle instanceof Error) throw toException(known.handle);
    this.#handles.set(auth, known);
    this.#closer.register(auth, known.handle, auth);
    return known.handle;
  }

  #add(entry) {
    this.#pending.add(entry);
    this.#timers.hold(true);
  }

  #delete(entry) {
    this.#pending.delete(entry);
    this.#timers.hold(this.#pending.size > 0);
  }

  // Only the first reason counts: an exit asked for also ends go.run.
  #end(reason) {
    if (this.#ended) return this.#ended;
    this.#ended = reason;
    this.#onEnd();
    this.#pending.forEach(({ reject }) => reject(reason));
    this.#pending.clear();
    return reason;
  }

  // A promise that Go waits for (a fetch under way) may settle after the
  // program's end, and wasm_exec.js would throw into nobody's hands: in Node an
  // unhandled rejection that ends the process. A trap inside WebAssembly comes
  // out in the same place, and ends the program.
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
    // What run() waits for belongs to the request that loaded the program, where
    // requests are kept apart (Workers): another that ends it may not settle it.
    go._resolveExitPromise = () => {};
    return go;
  }

  #stop(reason) {
    this.#timers.stop();
    this.#end(reason);
    this.#letGo();
    this.#gone?.();
  }

  // A program that crashed has aborted nothing: whatever answers late would
  // keep its memory until then. It holds what each request is aborted by.
  #letGo() {
    const held = this.#values ?? [];
    this.#values = undefined;
    for (const name of ["_inst", "mem", "_values", "_ids", "_goRefCounts", "_idPool"]) delete this.#go[name];
    held.filter((value) => Object.prototype.toString.call(value) === "[object AbortController]").forEach((controller) => controller.abort());
  }
}

function sameConfig(a, b) {
  const flat = ({ headers, ...rest }) => Object.entries({ ...rest, ...prefixed(headers) });
  const [left, right] = [flat(a), flat(b)];
  return left.length === right.length && left.every(([key, value], i) => right[i][0] === key && right[i][1] === value);
}

function prefixed(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [`header ${name}`, value]));
}

function stopped(why) {
  const detail = typeof why === "number" ? ` with exit code ${why}` : why ? `: ${why.message ?? why}` : "";
  return failure(
    "client_stopped",
    `isojot's Go program stopped unexpectedly${detail}. The console says why; the next call starts it afresh`,
    typeof why === "object" ? why : undefined,
  );
}

function mixedVersions(wasm, js) {
  return failure(
    "client_version_mismatch",
    `isojot.wasm is of version ${wasm} but the JavaScript is of version ${js}: a cache or a deployment mixed two releases. ` +
      "Serve both files from one release, and clear the caches between",
  );
}
