// WebKitGTK by its WebDriver, on an X server that nobody sees.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./isojot.mjs";

/** Starts the driver; the test closes it. Each page is a session, which has a browser and a profile of its own. */
export async function startWebKit(t) {
  const home = await mkdtemp(join(tmpdir(), "isojot-webkit-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const display = await startDisplay(t);
  const port = await freePort();
  const driver = start(t, "WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], {
    stdio: "ignore",
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, DISPLAY: display, GDK_BACKEND: "x11", LIBGL_ALWAYS_SOFTWARE: "1" },
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, driver);
  const first = await newSession(url); // which alone tells the version
  await first.close();
  return {
    version: first.version,
    open: async (address) => {
      const session = await newSession(url);
      await session.command("POST", "/url", { url: address });
      return { logged: [], close: session.close };
    },
  };
}

// Xvfb looks for a free display by itself, and writes which it is.
async function startDisplay(t) {
  const server = start(t, "Xvfb", ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const [number] = await Promise.race([once(server.stdio[3], "data"), ended(server)]);
  return `:${String(number).trim()}`;
}

// A group of its own, since the driver's browsers outlive it.
function start(t, command, args, options) {
  const child = spawn(command, args, { detached: true, ...options });
  const exited = Promise.race([once(child, "exit"), once(child, "error")]);
  exited.catch(() => {});
  t.after(async () => {
    if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid);
    await exited.catch(() => {});
  });
  return child;
}

async function ended(child) {
  const [code] = await once(child, "exit");
  throw new Error(`${child.spawnfile} ended with ${code} at its start`);
}

async function ready(url, driver) {
  const end = ended(driver);
  end.catch(() => {});
  for (;;) {
    const answered = await Promise.race([fetch(`${url}/status`).then((answer) => answer.ok, () => wait(50)), end]);
    if (answered === true) return;
  }
}

async function newSession(url) {
  const { sessionId, capabilities } = await command(url, "POST", "/session", { capabilities: { alwaysMatch: {} } });
  const own = (method, path, body) => command(`${url}/session/${sessionId}`, method, path, body);
  return { version: capabilities.browserVersion, command: own, close: () => own("DELETE", "") };
}

async function command(url, method, path, body) {
  const answer = await fetch(url + path, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`WebDriver: ${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}
