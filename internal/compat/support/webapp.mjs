// Builds and runs an example that is an application of a JavaScript framework,
// with the packed package in it, beside the server.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { answering } from "./example.mjs";
import { binary, freePort, project, root, startIsojot } from "./isojot.mjs";
import { installPacked } from "./packed.mjs";
import { KEY } from "./suite.mjs";

const run = promisify(execFile);
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1", CI: "1" };

/**
 * Builds the example of that name by `npm run build` and starts it by Node with
 * the arguments that `start(port)` gives; the test `t` owns it. One that is
 * `configured` when it is "built" is not told again where the server is.
 */
export async function startWebApp(t, name, { start, configured }) {
  const folder = join(root, "examples", name);
  await usePacked(t, folder);
  const isojot = await startIsojot(t, { args: ["--api-key", KEY, "--limits", "off"] });
  const env = { ...process.env, ...QUIET };
  const server = { ISOJOT_ENDPOINT: isojot.endpoint, ISOJOT_PROJECT: project };
  const known = (when) => (when === configured ? server : {});
  await run("npm", ["run", "build"], { cwd: folder, env: { ...env, ...known("built") }, maxBuffer: 1 << 26 });
  const port = await freePort();
  const app = new WebApp(folder, isojot, port);
  const place = { HOST: "127.0.0.1", PORT: String(port), ORIGIN: app.url, NODE_ENV: "production" };
  const child = spawn(process.execPath, start(port), { cwd: folder, env: { ...env, ...known("started"), ...place }, stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(child, "exit");
  child.stderr.on("data", (chunk) => (app.complaints += chunk));
  t.after(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  await answering(app.url, exited);
  return app;
}

/** Starts the example's dev server by `isojot exec`, with a server of its own; returns its URL. */
export async function startDevServer(t, folder) {
  const port = await freePort();
  const env = { ...process.env, ...QUIET };
  // A group of its own: npm starts the dev server, which starts others.
  const child = spawn(binary, ["exec", "--", "npm", "run", "dev", "--", "--port", String(port)], { cwd: folder, env, stdio: "ignore", detached: true });
  const exited = once(child, "exit");
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
    await exited;
  });
  const url = `http://localhost:${port}`;
  await answering(url, exited);
  return url;
}

// `npm ci` gave the example the package as it was then: it gets the files that
// the tarball has now. The package has no dependencies and runs no scripts.
async function usePacked(t, folder) {
  const { installed } = await installPacked(t);
  const place = join(folder, "node_modules", "isojot");
  await rm(place, { recursive: true, force: true });
  await cp(installed, place, { recursive: true });
}

class WebApp {
  /** What it has written to its standard error. */
  complaints = "";

  constructor(folder, isojot, port) {
    this.folder = folder;
    this.isojot = isojot;
    // Both for the browser and for SvelteKit, which compares them.
    this.url = `http://localhost:${port}`;
  }

  /** The version of a package that it uses. */
  async versionOf(name) {
    return JSON.parse(await readFile(join(this.folder, "node_modules", name, "package.json"), "utf8")).version;
  }
}
