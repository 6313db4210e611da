import { sessionChanged, stopped } from "../../shared/exception.js";
import { revived } from "./faults.js";
import { own } from "../../shared/members.js";
import { PageChannels } from "./pagechannels.js";
import { PageStores } from "./pagestores.js";
import { allowed } from "../scope.js";
import { wasmAddress } from "../source.js";
import { FALLBACK, sharesSession, tabNames } from "./storednames.js";
import { absolute, startWorker } from "./workerstart.js";

const STORAGES = ["localStorage", "sessionStorage"];

/**
 * Runs Go in a worker, as GoEngine does in the page. What is the page's stays
 * here: its storages, its BroadcastChannels and the copies of tokens.
 */
export class WorkerEngine {
  #platform;
  #options;
  #worker;
  #ended;
  #gone;
  #left;
  #held = false;
  #memory = 0;
  #asked = new Map();
  #lastDecode = 0;
  #handles = new Map();
  #lastHandle = 0;
  #stores = new PageStores((message) => this.#worker.postMessage(message));
  #channels;
  #listener = () => this.#stores.sync();

  constructor(platform, options) {
    this.#platform = platform;
    this.#options = options;
    this.#channels = new PageChannels(platform.global, (channel, text) => this.#post({ kind: "heard", channel, text }));
    this.#gone = new Promise((resolve) => (this.#left = resolve));
  }

  async start(ended) {
    const { global } = this.#platform;
    const { wasmModule } = this.#options;
    const wasm = wasmModule ? undefined : wasmAddress(this.#platform, this.#options);
    const wasmURL = wasm && absolute(global, "wasmURL", () => wasm).href;
    const worker = await startWorker(this.#platform, this.#options);
    this.#worker = worker;
    this.#ended = ended;
    const ready = new Promise((resolve) => this.#asked.set("ready", { resolve }));
    worker.onmessage = ({ data }) => this.#receive(own(data));
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(stopped(event.message));
    };
    worker.onmessageerror = () => this.#end(stopped("a message of the worker could not be read"));
    global.addEventListener?.("storage", this.#listener);
    const stores = STORAGES.filter((name) => allowed(global, name));
    worker.postMessage({ kind: "start", wasmURL, wasmModule, has: { stores, channels: Boolean(global.BroadcastChannel) } });
    const { version } = await ready;
    this.#mark();
    return { version, open: (config, notify) => this.#open(config, notify), handles: () => this.#handles.size, decode: (token) => this.#decode(token) };
  }

  /** Makes a call; what Go does not carry the worker does. */
  carry(operation, request, send) {
    return send(request);
  }

  /** As GoEngine's: what stands in for a worker under Node may keep the process alive. */
  hold(held) {
    this.#held = held;
    this.#mark();
  }

  /** The memory in bytes when the worker last answered. */
  memory() {
    return this.#memory;
  }

  async exit() {
    this.#post({ kind: "exit" });
    await this.#gone;
  }

  // Browsers' workers have no ref and unref.
  #mark() {
    this.#worker?.[this.#held ? "ref" : "unref"]?.();
  }

  #post(message) {
    this.#stores.sync();
    this.#worker.postMessage(message);
  }

  #ask(message) {
    return new Promise((resolve, reject) => {
      this.#asked.set(message.id, { resolve, reject, message });
      this.#post(message);
    });
  }

  #decode(token) {
    return this.#ask({ kind: "decode", id: `decode ${++this.#lastDecode}`, token });
  }

  #open(config, notify) {
    const handle = ++this.#lastHandle;
    const known = { notify, departures: 0 };
    this.#handles.set(handle, known);
    const own = ["storage", "tokenStorage"].filter((name) => config[name]);
    this.#watch(handle, known, config);
    this.#post({ kind: "open", handle, config: plainConfig(config), own });
    return {
      call: (id, operation, request) => this.#ask({ kind: "call", handle, id, operation, request }),
      token: (id, force) => this.#ask({ kind: "token", handle, id, force, departures: known.departures }),
      cancel: (id) => this.#post({ kind: "cancel", handle, id }),
      configure: (next) => {
        this.#watch(handle, known, next);
        this.#post({ kind: "configure", handle, config: plainConfig(next) });
      },
      close: () => {
        this.#handles.delete(handle);
        this.#post({ kind: "close", handle });
      },
    };
  }

  #watch(handle, known, config) {
    const { global } = this.#platform;
    const { epoch, token } = tabNames(config);
    known.epoch = sharesSession(config) ? epoch : undefined;
    this.#stores.watch("localStorage", allowed(global, "localStorage"), [FALLBACK, epoch]);
    this.#stores.watch("sessionStorage", allowed(global, "sessionStorage"), [token]);
    this.#stores.watch(`storage ${handle}`, config.storage, [FALLBACK]);
    this.#stores.watch(`tokenStorage ${handle}`, config.tokenStorage, [token]);
  }

  #receive(message) {
    switch (message.kind) {
      case "ready":
        this.#memory = message.memory;
        return this.#asked.get("ready").resolve(message);
      case "answer":
        return this.#answer(message);
      case "told":
        return this.#told(message);
      case "store":
        return this.#stores.write(message);
      case "join":
      case "say":
      case "leave":
        return this.#channels[message.kind](message);
      case "closed":
        this.#stores.forget(`storage ${message.handle}`);
        return this.#stores.forget(`tokenStorage ${message.handle}`);
      case "ended":
        return this.#end(revived(message.error));
    }
  }

  #answer({ id, value, error, changed, heard, memory }) {
    const { resolve, reject, message } = this.#asked.get(id);
    this.#asked.delete(id);
    this.#memory = memory ?? this.#memory;
    if (error) reject(revived(error));
    else if (changed || (message.kind === "token" && this.#overtaken(message.handle, heard))) reject(sessionChanged());
    else resolve(value);
  }

  #told({ handle, about, payload: told, generation, heard, at }) {
    const payload = own(told);
    const known = this.#handles.get(handle);
    if (!known) return;
    if (payload.type === "signed-out") known.departures++;
    if (payload.error) payload.error = revived(payload.error);
    if (about === "change") return known.notify(about, payload, generation);
    const late = Math.max(0, Date.now() - at);
    const gone = payload.jwt === undefined || this.#overtaken(handle, heard);
    known.notify(about, gone ? { generation: payload.generation } : { ...payload, freshFor: payload.freshFor - late, liveFor: payload.liveFor - late }, generation);
  }

  // Whether another tab signed in or out and the worker had not heard of it.
  #overtaken(handle, heard) {
    const epoch = this.#handles.get(handle)?.epoch;
    return epoch !== undefined && this.#stores.changedSince(epoch, heard);
  }

  #end(reason) {
    this.#worker.terminate();
    this.#worker.onmessage = this.#worker.onerror = this.#worker.onmessageerror = null;
    this.#platform.global.removeEventListener?.("storage", this.#listener);
    this.#channels.close();
    this.#asked.clear();
    this.#ended(reason);
    this.#left();
  }
}

// What postMessage can carry: storages stay on the page.
function plainConfig({ storage, tokenStorage, ...config }) {
  return { ...config, storage: storage && undefined, tokenStorage: tokenStorage && undefined };
}
