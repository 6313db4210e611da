// Programs of a user, in programs/, each in a Node process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { project, root } from "./isojot.mjs";

// Far more than any of them takes: a program that is still there then is kept
// by something, and is killed.
const TIMEOUT = 60_000;

/**
 * Runs a program with the session of a user; resolves when it has ended with
 * the last line that it printed, read as JSON, and how it ended.
 */
export async function runProgram(name, { endpoint }, { secret }, ...args) {
  const path = join(root, "internal", "compat", "programs", name);
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, ENDPOINT: endpoint, PROJECT: project, SESSION: secret },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIMEOUT,
  });
  const out = { stdout: "", stderr: "" };
  for (const stream of Object.keys(out)) child[stream].on("data", (chunk) => (out[stream] += chunk));
  const [code, signal] = await once(child, "close");
  const end = { code, signal, at: Date.now(), stderr: out.stderr };
  const line = out.stdout.trim().split("\n").at(-1);
  return { end, printed: line ? JSON.parse(line) : null };
}
