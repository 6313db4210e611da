// Builds and runs examples/go-server: a native Go program over the same
// package, which acts for whoever's JWT it is handed.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort, project, root } from "./isojot.mjs";

/** Starts it beside the server and returns the URL at which it tells who calls. */
export async function startGoServer(t, isojot) {
  const folder = await mkdtemp(join(tmpdir(), "isojot-go-server-"));
  const program = join(folder, "go-server");
  await promisify(execFile)("go", ["build", "-o", program, "."], { cwd: join(root, "examples", "go-server") });
  const port = await freePort();
  const child = spawn(
    program,
    ["--addr", `127.0.0.1:${port}`, "--endpoint", isojot.endpoint, "--project", project, "--allow-origin", isojot.url],
    { stdio: "inherit" },
  );
  const exited = once(child, "exit");
  t.after(async () => {
    child.kill();
    await exited;
    await rm(folder, { recursive: true, force: true });
  });
  await answering(`http://localhost:${port}/me`, exited);
  return `http://localhost:${port}/me`;
}

// The program says nothing that means "ready": ask until it listens.
async function answering(url, exited) {
  let ended = false;
  exited.then(() => (ended = true));
  while (!ended) {
    try {
      return await fetch(url);
    } catch {
      await wait(20);
    }
  }
  throw new Error("go-server ended at its start");
}
