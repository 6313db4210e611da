import { stopped } from "../../shared/exception.js";
import { described } from "./faults.js";
import { newGoEngine } from "../goengine.js";
import { own } from "../../shared/members.js";
import { channelClass, StorageCopy } from "./workerscope.js";

/** Runs Go in a worker, for the WorkerEngine of the page that started it. */
export function serve(platform) {
  const { global } = platform;
  const host = new WorkerHost(platform, (message, transferred) => global.postMessage(message, transferred));
  global.addEventListener("message", ({ data }) => host.receive(data));
  global.postMessage({ kind: "hello", version: platform.version });
}

/** The worker's end of the channel to the page. Each message names by `kind` the method that takes it. */
class WorkerHost {
  #platform;
  #post;
  #engine;
  #api;
  #heard = 0;
  #stores = new Map();
  #channels = new Map();
  #handles = new Map();

  constructor(platform, post) {
    this.#platform = platform;
    this.#post = post;
  }

  receive(message) {
    this[message.kind](own(message));
  }

  async start({ wasmURL, wasmModule, has }) {
    const beside = { __proto__: null, localStorage: undefined, sessionStorage: undefined, BroadcastChannel: undefined };
    for (const store of has.stores) beside[store] = this.#copyOf(store);
    if (has.channels) beside.BroadcastChannel = channelClass(this.#post, this.#channels);
    this.#engine = newGoEngine(this.#platform, { wasmURL, wasmModule, scope: own() }, beside);
    try {
      this.#api = await this.#engine.start((reason) => this.#post({ kind: "ended", error: described(reason) }));
      this.#post({ kind: "ready", version: this.#api.version, memory: this.#engine.memory() });
    } catch (error) {
      this.#post({ kind: "ended", error: described(error) });
    }
  }

  stored({ store, name, value, count }) {
    this.#heard = count;
    this.#copyOf(store).take(name, value);
  }

  heard({ channel, text }) {
    this.#channels.get(channel)?.onmessage({ data: text });
  }

  open({ handle, config, own }) {
    const known = { generation: config.generation, departures: 0 };
    this.#handles.set(handle, known);
    const storages = Object.fromEntries(own.map((name) => [name, this.#copyOf(`${name} ${handle}`)]));
    known.go = this.#api.open({ ...config, ...storages }, (kind, payload) => this.#tell(handle, known, kind, payload));
  }

  configure({ handle, config }) {
    const known = this.#handles.get(handle);
    known.generation = config.generation;
    known.go.configure?.(config);
  }

  call({ handle, id, operation, request }) {
    this.#answer(id, handle, (go) => this.#engine.carry(operation, request, (carried) => go.call(id, operation, carried)));
  }

  // Who asked before it knew that somebody has left means the one before.
  token({ handle, id, force, departures }) {
    if (this.#handles.get(handle).departures !== departures) this.#post({ kind: "answer", id, heard: this.#heard, changed: true });
    else this.#answer(id, handle, (go) => go.token(id, force));
  }

  cancel({ handle, id }) {
    this.#handles.get(handle)?.go.cancel?.(id);
  }

  close({ handle }) {
    this.#handles.get(handle).go.close?.();
    this.#handles.delete(handle);
    for (const name of ["storage", "tokenStorage"]) this.#stores.delete(`${name} ${handle}`);
    this.#post({ kind: "closed", handle });
  }

  decode({ id, token }) {
    this.#settle(id, this.#api.decode(token));
  }

  exit() {
    return this.#engine.exit();
  }

  #copyOf(store) {
    if (!this.#stores.has(store)) this.#stores.set(store, new StorageCopy(store, this.#post));
    return this.#stores.get(store);
  }

  #tell(handle, known, kind, told) {
    const payload = own(told);
    if (payload.type === "signed-out") known.departures++;
    const error = payload.error && described(payload.error);
    this.#post({ kind: "told", handle, about: kind, payload: { ...payload, error }, generation: known.generation, heard: this.#heard, at: Date.now() });
  }

  // A handle that could not be opened is an Error, and its calls' answer.
  #answer(id, handle, start) {
    const { go } = this.#handles.get(handle);
    this.#settle(id, go instanceof Error ? go : start(go));
  }

  async #settle(id, answer) {
    const common = () => ({ kind: "answer", id, heard: this.#heard, memory: this.#engine.memory() });
    try {
      const value = await answer;
      if (value instanceof Error) throw value;
      if (value === undefined) throw stopped();
      this.#post({ ...common(), value }, value.content ? [value.content] : []);
    } catch (error) {
      this.#post({ ...common(), error: described(error) });
    }
  }
}
