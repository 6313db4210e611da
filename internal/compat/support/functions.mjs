// What the tests of functions share: the examples and the functions of
// functions/, and a place where functions tell something and wait.
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { root } from "./isojot.mjs";

const ours = (name) => ["--function", `${name}=node:${join(root, "internal", "compat", "functions", name)}.mjs`];

/** The server's arguments that declare them: function-node, function-go, tell, wait and ours. */
export const FUNCTIONS = ["--functions", join(root, "examples"), ...ours("tell"), ...ours("wait"), ...ours("ours")];

/** For tests that wait for functions: far more than any takes, so that one that waits for ever fails. */
export const PATIENT = { timeout: 300_000 };

/** The target of the Go example, built where `make examples` puts it. */
export const GO_FUNCTION = `command:${join(root, "examples", "function-go", "function-go")}`;

/** Starts an HTTP server that answers by `handle` on a port of its own; resolves with its URL. */
export async function startService(t, handle) {
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch((error) => response.writeHead(500).end(String(error)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Starts a gate: a function that asks for its `url` waits there until open(); `reached` resolves when it does. */
export async function startGate(t) {
  const gate = {};
  gate.reached = new Promise((resolve) => (gate.arrive = resolve));
  const opened = new Promise((resolve) => (gate.open = resolve));
  gate.url = await startService(t, async (request, response) => {
    gate.arrive();
    await opened;
    response.end("go on");
  });
  return gate;
}

/** Starts an inbox: `url` takes what functions post there, next() resolves with each as JSON. */
export async function startInbox(t) {
  const [came, waiting] = [[], []];
  const inbox = { next: () => (came.length ? came.shift() : new Promise((resolve) => waiting.push(resolve))) };
  inbox.url = await startService(t, async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    response.end();
    const told = JSON.parse(text);
    if (waiting.length) waiting.shift()(told);
    else came.push(told);
  });
  return inbox;
}
