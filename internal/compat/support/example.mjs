// Builds and runs a Go program of examples/, as its README says.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort, project, root } from "./isojot.mjs";

/** Starts examples/go-server beside the server; returns the URL at which it tells who calls. */
export const startGoServer = (t, isojot) => start(t, "go-server", isojot, "/me", ["--allow-origin", isojot.url]);

/** Starts examples/go-wasm beside the server; returns the URL of its page. */
export const startGoWasm = (t, isojot) => start(t, "go-wasm", isojot, "/");

/** Starts examples/go-ssr beside the server; returns the URL of its pages. */
export const startGoSSR = async (t, isojot) => start(t, "go-ssr", isojot, "/", ["--notes-addr", `127.0.0.1:${await freePort()}`]);

async function start(t, name, isojot, path, args = []) {
  const example = join(root, "examples", name);
  const folder = await mkdtemp(join(tmpdir(), `isojot-${name}-`));
  const program = join(folder, name);
  await promisify(execFile)("go", ["build", "-o", program, "."], { cwd: example });
  const port = await freePort();
  const child = spawn(program, ["--addr", `127.0.0.1:${port}`, "--endpoint", isojot.endpoint, "--project", project, ...args], {
    cwd: example,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  t.after(async () => {
    child.kill();
    await exited;
    await rm(folder, { recursive: true, force: true });
  });
  const url = `http://localhost:${port}${path}`;
  await answering(url, exited);
  return url;
}

/** Resolves when something answers at the URL: the programs say nothing that a test could wait for. */
export async function answering(url, exited) {
  let ended = false;
  exited.then(() => (ended = true));
  while (!ended) {
    try {
      return await fetch(url);
    } catch {
      await wait(20);
    }
  }
  throw new Error(`what was to answer at ${url} ended at its start`);
}
