// Runs the built binary as a user would, on a free port and in a folder of
// its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const binary = join(root, "bin", process.platform === "win32" ? "isojot.exe" : "isojot");
export const project = "demo";

/** A port of the loopback interface that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts `isojot serve --dev`; `t` is the test that owns it. */
export async function startIsojot(t, { args = [], data, port } = {}) {
  const own = data ?? (await mkdtemp(join(tmpdir(), "isojot-")));
  port ??= await freePort();
  const child = spawn(binary, ["serve", "--dev", "--addr", `127.0.0.1:${port}`, "--data", own, "--project", project, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const server = new Isojot(child, port, own);
  t.after(async () => {
    await server.stop();
    if (!data) await rm(own, { recursive: true, force: true });
  });
  await server.started();
  return server;
}

class Isojot {
  #child;
  #exited;
  #token;
  output = "";

  constructor(child, port, data) {
    this.#child = child;
    this.#exited = once(child, "exit");
    this.port = port;
    this.data = data;
    // Pages are opened as localhost, which is an allowed origin.
    this.url = `http://localhost:${port}`;
    this.endpoint = `${this.url}/v1`;
  }

  /** Resolves when the start-up lines have been printed and the server answers. */
  async started() {
    const lines = new Promise((resolve, reject) => {
      const collect = (chunk) => {
        this.output += chunk;
        const token = /\btoken\s+(\S+)/.exec(this.output);
        if (token) resolve(token[1]);
      };
      this.#child.stdout.on("data", collect);
      this.#child.stderr.on("data", collect);
      this.#exited.then(([code]) => reject(new Error(`isojot serve ended with ${code}:\n${this.output}`)));
    });
    this.#token = await lines;
    const answer = await fetch(`${this.endpoint}/health/version`);
    if (!answer.ok) throw new Error(`GET /v1/health/version answered ${answer.status}`);
  }

  /** Moves the server's clock forward; resolves with its time. */
  async advance(duration) {
    const { now } = await (await this.#dev("POST", "clock/advance", { duration })).json();
    return new Date(now);
  }

  /** The next mail to an address, waited for; each is read once. */
  nextMail = (to) => this.#nextMessage("mail", to);

  /** The next text message to a number, waited for; each is read once. */
  nextText = (to) => this.#nextMessage("text", to);

  async #nextMessage(channel, to) {
    const query = new URLSearchParams({ channel, to, wait: "10" });
    const { messages } = await (await this.#dev("GET", `mail?${query}`)).json();
    if (messages.length === 0) throw new Error(`no ${channel} to ${to} came in 10 s`);
    await this.#dev("DELETE", `mail/${messages[0].$id}`);
    return messages[0];
  }

  async #dev(method, path, body) {
    const answer = await fetch(`${this.url}/_isojot/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} /_isojot/${path} was answered with ${answer.status}: ${await answer.text()}`);
    return answer;
  }

  /** Ends it as Ctrl-C would and returns the exit code. */
  async stop(signal = "SIGINT") {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    const [code] = await this.#exited;
    return code;
  }
}
