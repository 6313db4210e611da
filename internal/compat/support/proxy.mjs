// A reverse proxy in front of the server: it writes down what it carries, and
// holds an answer back for as long as a test wants.
import { once } from "node:events";
import { createServer, request } from "node:http";

/** Starts it before the server at `target`; `t` is the test that owns it. */
export async function startProxy(t, target) {
  const proxy = new CountingProxy(new URL(target));
  await proxy.listen();
  t.after(() => proxy.close());
  return proxy;
}

class CountingProxy {
  /** What came, in order, with method, path, headers and, when answered, status. Preflights are left out. */
  seen = [];
  #target;
  #server = createServer((incoming, outgoing) => this.#carry(incoming, outgoing));
  #gates = [];

  constructor(target) {
    this.#target = target;
  }

  async listen() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = this.#server.address().port;
    this.endpoint = `http://localhost:${this.port}/v1`;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** The requests of that method whose path below /v1 is `path`. */
  of(method, path) {
    return this.seen.filter((one) => one.method === method && one.path === `/v1${path}`);
  }

  /** How many tokens were asked for. */
  get creations() {
    return this.of("POST", "/account/jwts").length;
  }

  /**
   * Holds back the next answer to such a request. `reached` resolves when the
   * server has given it, open() sends it on.
   */
  hold(method, path) {
    const gate = { method, path: `/v1${path}` };
    gate.reached = new Promise((resolve) => (gate.arrive = resolve));
    gate.opened = new Promise((resolve) => (gate.open = resolve));
    this.#gates.push(gate);
    return gate;
  }

  #carry(incoming, outgoing) {
    const { method, url, headers } = incoming;
    const path = url.split("?")[0];
    const entry = { method, path, headers };
    if (method !== "OPTIONS") this.seen.push(entry);
    const onward = request(new URL(url, this.#target), { method, headers }, async (answer) => {
      entry.status = answer.statusCode;
      await this.#pass(method, path);
      outgoing.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    // A caller that went away takes its request along.
    outgoing.on("close", () => onward.destroy());
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }

  async #pass(method, path) {
    const i = this.#gates.findIndex((gate) => gate.method === method && gate.path === path);
    if (i < 0) return;
    const [gate] = this.#gates.splice(i, 1);
    gate.arrive();
    await gate.opened;
  }
}
