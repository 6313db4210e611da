import { clockOf } from "./clock.js";
import { failure, sessionChanged } from "../shared/exception.js";
import { parseJSON } from "../shared/json.js";
import { own } from "../shared/members.js";
import { frozenToken } from "./mirror.js";
import { checkedOptions, sameOptions } from "../shared/options.js";
import { startProgram } from "./program.js";
import { timerFunctions } from "./timers.js";

/**
 * Makes what loads the Go program when it is first needed and gives it to all clients.
 * A load that failed, a crash and dispose() clear what is remembered, so that
 * the next call starts afresh.
 *
 * `platform` is what differs between the builds: makeGo, version, global,
 * defaultURL, under Node localPath, readFile and fetchOver, which makes the fetch
 * to take of one, and `apart` (see below).
 */
export function newRuntime(platform) {
  let options = checkedOptions({});
  let loading = null;
  let ready = null;
  let current = null;
  let run = { over: true };
  const watched = new Map();

  function configure(given) {
    if (loading && !sameOptions(given, options)) {
      throw failure(
        "client_already_loaded",
        "isojot is loaded with other options: call init() before the first call, or dispose() first",
      );
    }
    options = given;
  }

  // Every caller that sees the load fail clears it: where requests are kept apart
  // (Workers), the one that began it may be gone.
  function loaded() {
    const mine = (loading ??= load());
    return mine.catch((error) => {
      forget(mine);
      throw error;
    });
  }

  // A caller that gave up during the load has its answer, and sends nothing. Every
  // call waits here, which keeps their order.
  async function programFor(task) {
    const program = await loaded();
    return task.aborted ? null : program;
  }

  function load() {
    const next = { over: false, clock: clockOf(platform.global, options.scope) };
    const mine = start(next, () => forget(mine));
    run = next;
    return mine;
  }

  async function start(its, onEnd) {
    const program = await startProgram(platform, options, its, onEnd);
    watched.forEach((config, auth) => program.watch(auth, config()));
    if (!its.over) current = program;
    return program;
  }

  // A program that ends late must not make a newer one forgotten.
  function forget(mine) {
    if (loading !== mine) return;
    loading = ready = current = null;
    run.over = true;
  }

  // Loads now what the first call would load.
  function preload() {
    ready ??= loaded().then(() => undefined);
    return ready;
  }

  return {
    preload,

    /** The version of the API whose models the platform's package has. */
    format: platform.format ?? "",

    /** What the platform has as its global object. */
    global: platform.global,

    /**
     * Whether the platform keeps requests apart, as Workers do: one that waits
     * for what another has begun is ended, since it would hang if that one were.
     */
    apart: platform.apart === true,

    /** Takes options and loads. The same options give the same promise; others are refused once it has loaded. */
    init(given) {
      try {
        if (given !== undefined) configure(checkedOptions(given));
      } catch (error) {
        return Promise.reject(error);
      }
      return preload();
    },

    /** Ends the Go program and rejects the calls that wait for it; resolves when it has gone. */
    async dispose() {
      const mine = loading;
      forget(mine);
      // Those who wait for the load get its failure; then there is nothing to end.
      const program = await mine?.catch(() => null);
      await program?.exit(failure("client_disposed", "dispose() was called before the answer came"));
    },

    /**
     * Runs an operation, by what is written() of it, and resolves with what the official package would.
     * `task.cleared` then reports whether the answer took the session's cookie back, and
     * `task.secret` is the session that it handed over where the platform keeps no cookies.
     */
    async call(auth, config, operation, request, task) {
      const program = await programFor(task);
      if (!program) return null;
      const answer = own(await program.call(auth, config, operation, request, task));
      task.cleared = answer.cleared === true;
      task.secret = answer.secret;
      return answer[operation.answer] ?? parsed(answer);
    },

    /**
     * Resolves with the token of the user that the config names. Calls of one moment
     * reach Go one after another: if it learns by the first that the user has
     * changed, those after it were meant for the one before, too.
     */
    async token(auth, config, forceRefresh, task) {
      const departures = auth.departures();
      const program = await programFor(task);
      if (auth.departures() !== departures) throw sessionChanged();
      return program && frozenToken(await program.token(auth, config, forceRefresh, task));
    },

    /** Has `auth` told of changes by this program and by those that come after it, until unwatch(). `config` gives the client's. */
    async watch(auth, config) {
      watched.set(auth, config);
      const program = await programFor({ aborted: false });
      if (watched.has(auth)) program.watch(auth, config());
    },

    /** Ends what watch() began. */
    unwatch: (auth) => watched.delete(auth),

    /** The functions that start and stop timers. */
    timers: () => timerFunctions(platform.global, options.scope),

    /** Lets go of what the program holds for `auth`, and ends its calls under way. */
    release: (auth) => current?.release(auth),

    /** What the program holds; nothing where none is loaded. */
    stats: () => current?.stats() ?? { handles: 0, memory: 0 },

    /** Reads the claims of a token without verifying it. */
    async decode(token) {
      if (typeof token !== "string") {
        throw failure("client_token_malformed", `decodeJWT() takes the token as a string, not as ${token === null ? "null" : typeof token}`);
      }
      return (await loaded()).decode(token);
    },
  };
}

// Where the platform keeps no cookies Go read the session's secret from the
// answer's headers: the field that the server leaves empty then holds it.
function parsed({ json, text, secret }) {
  if (!json) return { message: text };
  const value = readJSON(text);
  if (secret && value?.secret === "") value.secret = secret;
  return value;
}

function readJSON(text) {
  try {
    return parseJSON(text);
  } catch (cause) {
    throw failure("client_bad_response", `The answer says that it is JSON but is not (${cause.message}): check the endpoint`, cause);
  }
}
