// Makes 10,000 calls on one client, of which a third are aborted, and prints
// what the bridge between Go and JavaScript holds on the way.
import { getEventListeners } from "node:events";

// Go's wasm_exec.js is bundled into the package, which keeps its instance to
// itself: it is had here by the first field that its constructor sets.
const bridges = [];
Object.defineProperty(Object.prototype, "_pendingEvent", {
  configurable: true,
  set(value) {
    bridges.push(this);
    Object.defineProperty(this, "_pendingEvent", { value, writable: true, configurable: true, enumerable: true });
  },
});
const { Client } = await import("../../../js/dist/isojot.node.mjs");

const { ENDPOINT, PROJECT, SESSION } = process.env;
const { account } = new Client().setEndpoint(ENDPOINT).setProject(PROJECT).setSession(SESSION);
const { signal } = new AbortController(); // of a page, say: it outlives every call
const outcomes = { token: 0, user: 0, made: 0, aborted: 0 };
let listeners = 0;

async function aborted(start, delay) {
  const controller = new AbortController();
  const call = start({ signal: controller.signal });
  setTimeout(() => controller.abort(), delay);
  try {
    await call;
    outcomes.made++; // the answer was faster
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    outcomes.aborted++;
  }
}

// Ten at a time.
const KINDS = [
  ...Array(4).fill(() => account.getToken({ signal }).then(() => outcomes.token++)),
  ...Array(3).fill(() => account.get({ signal }).then(() => outcomes.user++)),
  ...Array(2).fill((delay) => aborted((options) => account.get(options), delay)),
  (delay) => aborted((options) => account.getToken({ forceRefresh: true, ...options }), delay),
];

async function thousand() {
  for (let i = 0; i < 100; i++) {
    const calls = KINDS.map((start) => start(i % 3));
    listeners = Math.max(listeners, getEventListeners(signal, "abort").length);
    await Promise.all(calls);
  }
}

// The tables of wasm_exec.js: its slots for values never become fewer.
function held() {
  const [go] = bridges;
  return {
    slots: go._values.length,
    memory: go._inst.exports.mem.buffer.byteLength,
    timeouts: go._scheduledTimeouts.size,
    pending: go._pendingEvent,
  };
}

const samples = [];
for (let n = 1; n <= 10; n++) {
  await thousand();
  samples.push(held());
}
await new Promise((resolve) => setTimeout(resolve, 50));
console.log(JSON.stringify({ outcomes, samples, programs: bridges.length, listeners, after: getEventListeners(signal, "abort").length }));
