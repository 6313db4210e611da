// What init({ worker: true }) does on a page beside what it does without: a
// list of checks as behaviour.mjs has. `env.options` names as the worker's file
// the package's own after hosts/watchedworker.js. The page's server holds back
// answers when it is told to; see support/webworker.mjs.
import { everywhere, equal, ok, password, refusal } from "./world.mjs";

const started = [];
const posted = [];

/** Has all workers of the page known, before anything starts one. */
export function prepare() {
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      started.push(this);
    }

    postMessage(...args) {
      posted.push(args[0].kind);
      super.postMessage(...args);
    }
  };
}

// A worker's lock goes with it, in all engines.
const alive = async () => (await navigator.locks.query()).held.filter(({ name }) => name.startsWith("worker ")).length;

async function becomes(value, want, what) {
  for (const end = Date.now() + 30_000; (await value()) !== want; ) {
    if (Date.now() > end) throw new Error(`${what}: ${await value()} instead of ${want}`);
  }
}

const workersAre = (number) => becomes(alive, number, "workers");

/** What the newest worker tells of its global scope. */
function seenIn(worker) {
  return new Promise((resolve) => {
    const listener = ({ data }) => {
      if (!data.seen) return;
      worker.removeEventListener("message", listener);
      resolve(data.seen);
    };
    worker.addEventListener("message", listener);
    worker.postMessage("seen");
  });
}

const order = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body) });

/** Runs `during` while the answer to such a request is held back, and resolves with the call's outcome. */
async function held([method, path], call, during) {
  await order("/hold", { method, path });
  const outcome = call().then((value) => ({ value }), (error) => ({ error }));
  await order("/reached");
  try {
    await during();
  } finally {
    await order("/open");
  }
  return outcome;
}

/** init() with a file that is no good, and what is said of it. */
const refused = (init, type, message) =>
  everywhere(async (world) => {
    const { sdk, env } = world;
    await sdk.dispose();
    const error = await refusal(world, sdk.init({ ...env.options, ...init }));
    equal(error.type, type);
    ok(message.test(error.message), error.message);
    await workersAre(0);
  });

/** The checks, by name, in order. */
export const checks = Object.entries({
  "init() starts one worker, and another init() none": everywhere(async ({ sdk, env }) => {
    await Promise.all([sdk.init(env.options), sdk.init(), sdk.preload()]);
    equal(started.length, 1);
    await workersAre(1);
    ok(sdk.stats().memory > 1e6, "no program was loaded");
  }),

  "the worker keeps the session's cookie, and leaves no global, line or rejection": everywhere(async (world) => {
    const { account, userId, email } = world;
    await account.create({ userId, email, password });
    await world.signIn();
    equal((await account.get()).$id, userId);
    ok(!("cookieFallback" in localStorage), "the session is kept by the fallback");
    equal(await seenIn(started[0]), { globals: [], lines: [], rejections: [] });
  }),

  "a fresh token is answered on the page, and a sign-out takes it away at once": everywhere(async (world) => {
    const { account } = world;
    const { jwt } = await account.getToken();
    const before = posted.length;
    equal([(await account.getToken()).jwt, account.peekToken().jwt], [jwt, jwt]);
    equal(posted.length, before, "messages:");
    const leaving = account.deleteSession("current");
    equal(account.peekToken(), null);
    await leaving;
    equal(account.peekToken(), null);
    await world.signIn();
  }),

  "tokens lie in the page's storages, also in one of its own, and outlive the worker": everywhere(async (world) => {
    const { sdk, account } = world;
    const own = new Map();
    const tokenStorage = { getItem: (name) => own.get(name) ?? null, setItem: (name, value) => own.set(name, value), removeItem: (name) => own.delete(name) };
    const { jwt } = await account.getToken();
    const { jwt: second } = await world.newClient({ tokenStorage }).account.getToken();
    const holds = (values, token) => [...values].filter((value) => value.includes(token)).length;
    equal([holds(Object.values(sessionStorage), jwt), holds(own.values(), second)], [1, 1]);
    const count = await world.counting();
    equal((await new sdk.Account(world.newClient()).getToken()).jwt, jwt);
    equal((await world.newClient({ tokenStorage }).account.getToken()).jwt, second);
    equal(await count("POST /v1/account/jwts"), 0, "creations:");
    await workersAre(1);
  }),

  "two clients of two users are never mixed up": everywhere(async (world) => {
    const { sdk, env, account, userId } = world;
    const other = new sdk.Account(world.newClient().setJWT(env.other.jwt));
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => (i % 2 ? other : account).get()));
    equal(answers.map(({ $id }) => $id), Array.from({ length: 12 }, (_, i) => (i % 2 ? env.other.userId : userId)));
    const tokens = await Promise.all([account.getToken({ forceRefresh: true }), other.getToken()]);
    equal(tokens.map((token) => token.userId), [userId, env.other.userId]);
  }),

  // As another tab would, of which the worker cannot have heard.
  "a sign-out elsewhere drops the token that is being made": everywhere(async ({ account, env }) => {
    const name = `isojot:epoch:${env.project}@${env.endpoint}`;
    const { error } = await held(["POST", "/account/jwts"], () => account.getToken({ forceRefresh: true }), () => localStorage.setItem(name, "70"));
    equal([error?.type, error?.reason], ["client_session_changed", "session-ended"]);
    equal(account.peekToken(), null);
  }),

  "a crash rejects what is under way, and the next call has a fresh worker": everywhere(async (world) => {
    const { account } = world;
    for (let i = 0; i < 2; i++) {
      const before = started.length;
      let others;
      const { error } = await held(["GET", "/account"], () => account.get(), async () => {
        started.at(-1).postMessage("trap");
        others = await Promise.all([refusal(world, account.listSessions()), refusal(world, account.getToken({ forceRefresh: true }))]);
      });
      equal([error, ...others].map(({ type }) => type), Array(3).fill("client_stopped"));
      ok(/unreachable/i.test(error.message), error.message);
      equal((await account.listSessions()).total, 1);
      equal(started.length, before + 1);
      await workersAre(1);
    }
  }),

  "dispose() ends the worker each time": everywhere(async (world) => {
    const { sdk, account, userId } = world;
    for (let i = 0; i < 3; i++) {
      const waiting = refusal(world, account.get());
      await sdk.dispose();
      equal((await waiting).type, "client_disposed");
      equal(sdk.stats(), { handles: 0, memory: 0 });
      await workersAre(0);
      await sdk.init(world.env.options);
      equal((await account.get()).$id, userId);
    }
  }),

  "the worker's file is not there": refused({ workerURL: "/nothing.js" }, "client_worker_failed", /HTTP 404, text\/plain.*init\(\{ workerURL \}\)/s),
  "a page is in its place": refused({ workerURL: "/page.js" }, "client_worker_failed", /HTTP 200, text\/html.*text\/javascript/s),
  "it is served as another type": refused({ workerURL: "/table.js" }, "client_worker_failed", /could not be loaded.*HTTP 200, text\/csv.*text\/javascript/s),
  "it is of another origin": refused({ workerURL: "http://elsewhere.test/worker.js" }, "client_worker_failed", /not of the page's own origin.*serve a copy of worker\.js/s),
  "it is a blob": refused({ workerURL: "blob:http://localhost/x" }, "client_worker_failed", /not of the page's own origin/),
  "it is another script": refused({ workerURL: "/another.js" }, "client_worker_failed", /another script.*workerURL/s),
  "it throws": refused({ workerURL: "/throwing.js" }, "client_worker_failed", /not today/),
  "it is of another release": refused({ workerURL: "/older.js" }, "client_version_mismatch", /older\.js is of version 0\.0\.9.*clear the caches/s),
  "the WebAssembly is not there": refused({ wasmURL: "/page.js" }, "client_load_failed", /an HTML or XML page.*wasmURL/s),

  "and then one starts that is good": everywhere(async ({ sdk, env, client }) => {
    await sdk.init(env.options);
    equal((await client.ping()).message, "Pong!");
    await workersAre(1);
  }),

  // At the end, since it leaves something.
  "what a worker leaves would have been seen": everywhere(async ({ sdk }) => {
    const worker = started.at(-1);
    worker.postMessage("leave");
    let seen;
    await becomes(async () => (seen = await seenIn(worker)).rejections.length, 1, "rejections");
    equal([seen.globals, seen.lines, /isojotControl/.test(seen.rejections[0])], [["isojotControl"], ["debug: isojotControl"], true]);
    await sdk.dispose();
    await workersAre(0);
  }),
});
