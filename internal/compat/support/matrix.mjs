// One run of the checks of matrix/ for each runtime: the server, the packed
// package, a second user, and the rows of the table.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before } from "node:test";
import { checks as behaviour } from "../matrix/behaviour.mjs";
import { freePort, project, root, startIsojot } from "./isojot.mjs";
import { installPacked } from "./packed.mjs";
import { newJWT, newSession, newUser } from "./tabs.mjs";
import { KEY } from "./suite.mjs";

const MATRIX = join(root, "internal", "compat", "matrix");
// Far more than a run takes: one that has not ended by then hangs.
export const TIMEOUT = 120_000;

/** Starts what all runs of a file share; the result has it as soon as they run. */
export function matrixSuite() {
  const ends = [];
  const shared = { runs: 0 };
  before(async () => {
    shared.owner = { after: (end) => ends.unshift(end) };
    shared.isojot = await startIsojot(shared.owner, { args: ["--api-key", KEY, "--limits", "off"] });
    shared.packed = await installPacked(shared.owner);
    await shared.packed.add(MATRIX, "matrix");
  });
  after(async () => {
    for (const end of ends) await end();
  });
  return shared;
}

/** What the checks are told of where they run; see behaviour.mjs. */
export async function newEnv(shared, { browser = false, host = "localhost", port = shared.isojot.port, options = {}, globals = [], sent } = {}) {
  const user = await newUser(shared, "other");
  const session = await newSession(shared, user);
  const other = { userId: user.userId, secret: session.secret, jwt: await newJWT(shared, session) };
  return {
    endpoint: `http://${host}:${port}/v1`,
    dead: `http://${host}:${await freePort()}/v1`,
    name: `run${process.pid}-${++shared.runs}`,
    project, browser, options, globals, sent, other,
  };
}

/**
 * Writes the row of one run, and fails the test `t` if a check failed or was
 * not reached. `extra` is how many the host has beside those of run.mjs,
 * `checks` another list than the usual one.
 */
export function record(t, runtime, version, results, { browser = false, extra = 0, checks = behaviour } = {}) {
  const failed = results.filter(({ error }) => error);
  t.diagnostic(`row: ${runtime} ${version} passed ${results.length - failed.length} failed ${failed.length}`);
  assert.deepEqual(failed.map(({ name, error }) => `${name}: ${error}`), []);
  const wanted = checks.filter(([, check]) => check.browser === undefined || check.browser === browser).length + 5 + extra;
  assert.equal(results.length, wanted, "checks that were run");
}

/** Writes that a runtime was not tested, and why. */
export const notTested = (t, runtime, why) => t.diagnostic(`row: ${runtime} not tested: ${why}`);

/** Runs a program and resolves with what it printed, when it has ended by itself. */
export async function runHost(command, args, options) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], timeout: TIMEOUT, ...options });
  const out = { stdout: "", stderr: "" };
  for (const stream of Object.keys(out)) child[stream].on("data", (chunk) => (out[stream] += chunk));
  const [code, signal] = await once(child, "close");
  return { code, signal, ...out };
}

/** Runs a host of matrix/hosts/ in a process of its own, and records it. */
export async function runProcess(t, shared, runtime, version, command, args, host) {
  const env = await newEnv(shared);
  const out = await runHost(command, [...args, join("matrix", "hosts", host), JSON.stringify(env)], { cwd: shared.packed.dir });
  const results = read(out.stdout);
  const { code, signal, stderr } = out;
  const clean = code === 0 && signal === null && stderr === "" && out.stdout.trim().split("\n").length === 1;
  results.push({ name: "the process ends by itself and says nothing", ...(!clean && { error: JSON.stringify({ code, signal, stderr, stdout: out.stdout.slice(0, 2000) }) }) });
  record(t, runtime, version, results, { extra: 1 });
}

function read(stdout) {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1));
  } catch {
    return [{ name: "the run", error: "it printed no results" }];
  }
}
