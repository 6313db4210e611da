import { failure, mixedVersions, stopped, toException } from "../shared/exception.js";
import { GoEngine } from "./goengine.js";

/**
 * Starts one Go program and resolves with it once it is ready to be called.
 * `run` is { over, clock }: whether what it reports no longer counts, and
 * its clocks. `onEnd` is called once, when it has ended for whatever reason.
 */
export async function startProgram(platform, options, run, onEnd) {
  const program = new Program(engineOf(platform, options), platform.apart === true, run, onEnd);
  await program.start(platform.version);
  return program;
}

function engineOf(platform, options) {
  if (!options.worker) return new GoEngine(platform, options);
  if (platform.workerEngine) return platform.workerEngine(options);
  throw failure("client_worker_failed", "init({ worker: true }) is for pages, and this is the build for servers: leave worker out here");
}

/** One running instance of the Go program, and the calls that wait for it. */
class Program {
  #engine;
  #apart;
  #api;
  #run;
  #onEnd;
  #ended;
  #lastId = 0;
  #pending = new Set();
  #handles = new WeakMap();
  #unused = [];
  #closer = new FinalizationRegistry((handle) => this.#collected(handle));

  constructor(engine, apart, run, onEnd) {
    this.#engine = engine;
    this.#apart = apart;
    this.#run = run;
    this.#onEnd = onEnd;
  }

  /** Runs the program until it has handed over its functions, and checks its version. */
  async start(version) {
    this.#api = await this.#whileItRuns(this.#engine.start((reason) => this.#end(reason)));
    if (this.#api.version === version) return;
    await this.exit(mixedVersions("isojot.wasm", this.#api.version, version));
    throw this.#ended;
  }

  /** Sends an operation, by its descriptor and what is written() of its parameters, on behalf of a client, which `auth` stands for, with the configuration given. */
  call(auth, config, operation, request, task) {
    return this.#send(auth, config, task, (handle, id) =>
      this.#engine.carry(operation, request, (carried) => handle.call(id, operation, carried)),
    );
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

  /** Closes the handle of a client that is no longer used, and aborts its calls under way. */
  release(auth) {
    const known = this.#handles.get(auth);
    if (!known || this.#ended) return;
    this.#handles.delete(auth);
    this.#closer.unregister(auth);
    known.handle.close();
  }

  /** What it holds: the handles that are open, and its memory in bytes, which never shrinks. */
  stats() {
    return { handles: this.#api.handles(), memory: this.#engine.memory() };
  }

  /** Reads the claims of a token; rejects when it is malformed. */
  async decode(token) {
    if (this.#ended) throw this.#ended;
    const claims = await this.#whileItRuns(this.#api.decode(token));
    if (claims instanceof Error) throw toException(claims);
    return claims;
  }

  /** Ends the program, rejecting what waits for it with `reason`; resolves when Go has gone. */
  async exit(reason) {
    if (this.#end(reason) !== reason) return;
    await this.#engine.exit();
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

  // What the program promises; a rejection with the reason if it ends before.
  #whileItRuns(promise) {
    return new Promise((resolve, reject) => {
      const entry = { reject };
      this.#pending.add(entry);
      Promise.resolve(promise).then(resolve, reject).finally(() => this.#pending.delete(entry));
    });
  }

  // Where requests are kept apart (Workers) this is in none of them, and Go, in
  // which others wait, would go on outside of theirs: the next call closes it.
  #collected(handle) {
    if (this.#ended) return;
    this.#unused.push(handle);
    if (!this.#apart) this.#closeUnused();
  }

  #closeUnused() {
    for (const handle of this.#unused.splice(0)) handle.close();
  }

  #handle(auth, given) {
    const config = { ...given, headers: texts(given.headers) };
    this.#closeUnused();
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
    const notify = (kind, payload, generation = known.config.generation) => reference.deref()?.receive(kind, payload, run, generation);
    known.handle = this.#api.open(config, notify);
    if (!known.handle) throw this.#end(stopped());
    if (known.handle instanceof Error) throw toException(known.handle);
    this.#handles.set(auth, known);
    this.#closer.register(auth, known.handle, auth);
    return known.handle;
  }

  #add(entry) {
    this.#pending.add(entry);
    this.#engine.hold(true);
  }

  #delete(entry) {
    this.#pending.delete(entry);
    this.#engine.hold(this.#pending.size > 0);
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
}

// As fetch takes headers: a number is a text, too. What is undefined or null is
// left out.
function texts(headers) {
  const present = Object.entries(headers).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}

function sameConfig(a, b) {
  const flat = ({ headers, ...rest }) => Object.entries({ ...rest, ...prefixed(headers) });
  const [left, right] = [flat(a), flat(b)];
  return left.length === right.length && left.every(([key, value], i) => right[i][0] === key && right[i][1] === value);
}

function prefixed(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [`header ${name}`, value]));
}
