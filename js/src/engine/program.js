import { failure, mixedVersions, stopped, toException } from "../shared/exception.js";
import { textsOf } from "./request.js";
import { newGoEngine } from "./goengine.js";

/**
 * Starts one Go program and resolves with it once it is ready to be called.
 * `run` is { over, clock }: whether what it reports no longer counts, and
 * its clocks. `onEnd` is called once, when it has ended for whatever reason.
 */
export async function startProgram(platform, options, run, onEnd) {
  const program = newProgram(engineOf(platform, options), platform.apart === true, run, onEnd);
  await program.start(platform.version);
  return program;
}

function engineOf(platform, options) {
  if (!options.worker) return newGoEngine(platform, options);
  if (platform.workerEngine) return platform.workerEngine(options);
  throw failure("client_worker_failed", "init({ worker: true }) is for pages, not for servers: leave worker out");
}

// One running instance of the Go program, and the calls that wait for it.
function newProgram(engine, apart, run, onEnd) {
  let api;
  let ended;
  let lastId = 0;
  const pending = new Set();
  const handles = new WeakMap();
  const unused = [];
  // Where requests are kept apart (Workers) this is in none of them, and Go, in
  // which others wait, would go on outside of theirs: the next call closes it.
  const closer = new FinalizationRegistry((handle) => {
    if (ended) return;
    unused.push(handle);
    if (!apart) closeUnused();
  });

  function closeUnused() {
    for (const handle of unused.splice(0)) handle.close();
  }

  function send(auth, config, task, start) {
    return new Promise((resolve, reject) => {
      if (ended) throw ended;
      const handle = handleOf(auth, config);
      const id = ++lastId;
      const answer = start(handle, id);
      // Go answers with nothing only if it ended in the middle of it.
      if (!answer) throw end(stopped());
      // A handle that was closed has aborted its calls by itself.
      task.cancel = () => ended || handles.get(auth)?.handle !== handle || handle.cancel(id);
      // The client's part is kept so that its handle isn't closed under the call.
      const entry = { reject, auth };
      pending.add(entry);
      engine.hold(true);
      const settled = () => {
        pending.delete(entry);
        engine.hold(pending.size > 0);
      };
      answer.then(resolve, (error) => reject(toException(error))).finally(settled);
    });
  }

  // What the program promises; a rejection with the reason if it ends before.
  function whileItRuns(promise) {
    return new Promise((resolve, reject) => {
      const entry = { reject };
      pending.add(entry);
      Promise.resolve(promise).then(resolve, reject).finally(() => pending.delete(entry));
    });
  }

  function handleOf(auth, given) {
    // What a body is, its operation says.
    const { "content-type": type, "x-appwrite-response-format": format = given.format, ...headers } = textsOf(given.headers);
    const config = { ...given, format, headers };
    closeUnused();
    const known = handles.get(auth);
    if (!known) return open(auth, config);
    if (!sameConfig(known.config, config)) {
      known.config = config;
      known.handle.configure(config);
    }
    return known.handle;
  }

  // Go keeps the function that it tells by until the handle is closed, which
  // waits for `auth` to be gone: the function must not keep it.
  function open(auth, config) {
    const known = { config };
    const reference = new WeakRef(auth);
    const notify = (kind, payload, generation = known.config.generation) => reference.deref()?.receive(kind, payload, run, generation);
    known.handle = api.open(config, notify);
    if (!known.handle) throw end(stopped());
    if (known.handle instanceof Error) throw toException(known.handle);
    handles.set(auth, known);
    closer.register(auth, known.handle, auth);
    return known.handle;
  }

  // Only the first reason counts: an exit asked for also ends go.run.
  function end(reason) {
    if (ended) return ended;
    ended = reason;
    onEnd();
    pending.forEach(({ reject }) => reject(reason));
    pending.clear();
    return reason;
  }

  // Ends the program, rejecting what waits for it with `reason`; resolves when Go has gone.
  async function exit(reason) {
    if (end(reason) === reason) await engine.exit();
  }

  return {
    exit,

    /** Runs the program until it has handed over its functions, and checks its version. */
    async start(version) {
      api = await whileItRuns(engine.start(end));
      if (api.version === version) return;
      await exit(mixedVersions("isojot.wasm", api.version, version));
      throw ended;
    },

    /** Sends an operation, by its descriptor and what is written() of its parameters, on behalf of a client, which `auth` stands for, with the configuration given. */
    call: (auth, config, operation, request, task) =>
      send(auth, config, task, (handle, id) => engine.carry(operation, request, (carried) => handle.call(id, operation, carried))),

    /** Asks for the client's token. */
    token: (auth, config, forceRefresh, task) => send(auth, config, task, (handle, id) => handle.token(id, forceRefresh)),

    /** Makes Go tell `auth` of its changes, also without a call. */
    watch(auth, config) {
      if (ended) throw ended;
      handleOf(auth, config);
    },

    /** Closes the handle of a client that is no longer used, and aborts its calls under way. */
    release(auth) {
      const known = handles.get(auth);
      if (!known || ended) return;
      handles.delete(auth);
      closer.unregister(auth);
      known.handle.close();
    },

    /** What it holds: the handles that are open, and its memory in bytes, which never shrinks. */
    stats: () => ({ handles: api.handles(), memory: engine.memory() }),

    /** Reads the claims of a token; rejects when it is malformed. */
    async decode(token) {
      if (ended) throw ended;
      const claims = await whileItRuns(api.decode(token));
      if (claims instanceof Error) throw toException(claims);
      return claims;
    },
  };
}

function sameConfig(a, b) {
  const flat = ({ headers, ...rest }) => Object.entries({ ...rest, ...prefixed(headers) });
  const [left, right] = [flat(a), flat(b)];
  return left.length === right.length && left.every(([key, value], i) => right[i][0] === key && right[i][1] === value);
}

function prefixed(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [`header ${name}`, value]));
}
