// The packed package in workerd, the isolate of Workers, as a deployed script:
// all that it imports is named in a configuration, and compiled beforehand.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort, project } from "./isojot.mjs";

// The newest behaviour that this workerd has by default would change with it.
const COMPATIBILITY_DATE = "2026-11-01";
const HOST = ["matrix/hosts/workerd.mjs", "matrix/hosts/workerdwatch.mjs", "matrix/run.mjs", "matrix/behaviour.mjs", "matrix/world.mjs", "matrix/observe.mjs"];

/**
 * Starts an isolate whose calls go to `endpoint`; the test `t` owns it.
 * `output()` is all that it wrote. `files` are its modules, below the packed
 * package's folder, the one to run first.
 */
export async function startWorkerd(t, packed, binary, endpoint, files = HOST) {
  const port = await freePort();
  const config = join(packed.dir, `workerd-${port}.capnp`);
  await writeFile(config, configuration(packed, port, files, { endpoint, project }));
  const child = spawn(binary, ["serve", config], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of ["stdout", "stderr"]) child[stream].on("data", (chunk) => (output += chunk));
  const exited = once(child, "exit");
  t.after(async () => {
    child.kill();
    await exited;
  });
  const url = `http://127.0.0.1:${port}`;
  await listening(url, exited, () => output);
  return { url, output: () => output };
}

function configuration(packed, port, files, { endpoint, project }) {
  const beside = dirname(files[0]); // who imports it is where a bare name is looked for
  const modules = [
    ...files.map((path) => [path, "esModule", path]),
    [join(beside, "isojot"), "esModule", inPackage(packed, ".")],
    [join(beside, "isojot", "isojot.wasm"), "wasm", inPackage(packed, "./isojot.wasm")],
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${modules.map(([name, kind, path]) => `(name = ${JSON.stringify(name)}, ${kind} = embed ${JSON.stringify(path)})`).join(", ")}],
      bindings = [(name = "ENDPOINT", text = ${JSON.stringify(endpoint)}), (name = "PROJECT", text = ${JSON.stringify(project)})],
      compatibilityDate = "${COMPATIBILITY_DATE}",
      globalOutbound = "network",
    )),
    (name = "network", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;
}

const inPackage = (packed, subpath) => `node_modules/isojot/${packed.entry(["workerd", "worker", "import"], subpath)}`;

async function listening(url, exited, output) {
  let ended = false;
  exited.then(() => (ended = true));
  while (!ended) {
    try {
      return await fetch(url);
    } catch {
      await wait(50);
    }
  }
  throw new Error(`workerd ended at its start:\n${output()}`);
}
