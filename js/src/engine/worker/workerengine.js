import { sessionChanged, stopped } from "../../shared/exception.js";
import { revived } from "./faults.js";
import { own } from "../../shared/members.js";
import { newPageChannels } from "./pagechannels.js";
import { newPageStores } from "./pagestores.js";
import { allowed } from "../scope.js";
import { wasmAddress } from "../source.js";
import { FALLBACK, sharesSession, tabNames } from "./storednames.js";
import { absolute, startWorker } from "./workerstart.js";

const STORAGES = ["localStorage", "sessionStorage"];

/**
 * Makes what runs Go in a worker, as newGoEngine does in the page. What is the page's stays
 * here: its storages, its BroadcastChannels and the copies of tokens.
 */
export function newWorkerEngine(platform, options) {
  const { global } = platform;
  const asked = new Map();
  const handles = new Map();
  const stores = newPageStores((message) => worker.postMessage(message));
  const channels = newPageChannels(global, (channel, text) => post({ kind: "heard", channel, text }));
  const listener = () => stores.sync();
  let worker;
  let onEnd;
  let left;
  const gone = new Promise((resolve) => (left = resolve));
  let isHeld = false;
  let memory = 0;
  let lastDecode = 0;
  let lastHandle = 0;

  // Browsers' workers have no ref and unref.
  function mark() {
    worker?.[isHeld ? "ref" : "unref"]?.();
  }

  function post(message) {
    stores.sync();
    worker.postMessage(message);
  }

  function ask(message) {
    return new Promise((resolve, reject) => {
      asked.set(message.id, { resolve, reject, message });
      post(message);
    });
  }

  function open(config, notify) {
    const handle = ++lastHandle;
    const known = { notify, departures: 0 };
    handles.set(handle, known);
    const own = ["storage", "tokenStorage"].filter((name) => config[name]);
    watch(handle, known, config);
    post({ kind: "open", handle, config: plainConfig(config), own });
    return {
      call: (id, operation, request) => ask({ kind: "call", handle, id, operation, request }),
      token: (id, force) => ask({ kind: "token", handle, id, force, departures: known.departures }),
      cancel: (id) => post({ kind: "cancel", handle, id }),
      configure: (next) => {
        watch(handle, known, next);
        post({ kind: "configure", handle, config: plainConfig(next) });
      },
      close: () => {
        handles.delete(handle);
        post({ kind: "close", handle });
      },
    };
  }

  function watch(handle, known, config) {
    const { epoch, token } = tabNames(config);
    known.epoch = sharesSession(config) ? epoch : undefined;
    stores.watch("localStorage", allowed(global, "localStorage"), [FALLBACK, epoch]);
    stores.watch("sessionStorage", allowed(global, "sessionStorage"), [token]);
    stores.watch(`storage ${handle}`, config.storage, [FALLBACK]);
    stores.watch(`tokenStorage ${handle}`, config.tokenStorage, [token]);
  }

  function receive(message) {
    switch (message.kind) {
      case "ready":
        memory = message.memory;
        return asked.get("ready").resolve(message);
      case "answer":
        return answer(message);
      case "told":
        return tell(message);
      case "store":
        return stores.write(message);
      case "join":
      case "say":
      case "leave":
        return channels[message.kind](message);
      case "closed":
        stores.forget(`storage ${message.handle}`);
        return stores.forget(`tokenStorage ${message.handle}`);
      case "ended":
        return end(revived(message.error));
    }
  }

  function answer({ id, value, error, changed, heard, memory: now }) {
    const { resolve, reject, message } = asked.get(id);
    asked.delete(id);
    memory = now ?? memory;
    if (error) reject(revived(error));
    else if (changed || (message.kind === "token" && isOvertaken(message.handle, heard))) reject(sessionChanged());
    else resolve(value);
  }

  function tell({ handle, about, payload: told, generation, heard, at }) {
    const payload = own(told);
    const known = handles.get(handle);
    if (!known) return;
    if (payload.type === "signed-out") known.departures++;
    if (payload.error) payload.error = revived(payload.error);
    if (about === "change") return known.notify(about, payload, generation);
    const late = Math.max(0, Date.now() - at);
    const isGone = payload.jwt === undefined || isOvertaken(handle, heard);
    known.notify(about, isGone ? { generation: payload.generation } : { ...payload, freshFor: payload.freshFor - late, liveFor: payload.liveFor - late }, generation);
  }

  // Whether another tab signed in or out and the worker had not heard of it.
  function isOvertaken(handle, heard) {
    const epoch = handles.get(handle)?.epoch;
    return epoch !== undefined && stores.changedSince(epoch, heard);
  }

  function end(reason) {
    worker.terminate();
    worker.onmessage = worker.onerror = worker.onmessageerror = null;
    global.removeEventListener?.("storage", listener);
    channels.close();
    asked.clear();
    onEnd(reason);
    left();
  }

  return {
    async start(ended) {
      const { wasmModule } = options;
      const wasm = wasmModule ? undefined : wasmAddress(platform, options);
      const wasmURL = wasm && absolute(global, "wasmURL", () => wasm).href;
      worker = await startWorker(platform, options);
      onEnd = ended;
      const ready = new Promise((resolve) => asked.set("ready", { resolve }));
      worker.onmessage = ({ data }) => receive(own(data));
      worker.onerror = (event) => {
        event.preventDefault();
        end(stopped(event.message));
      };
      worker.onmessageerror = () => end(stopped("a message of the worker could not be read"));
      global.addEventListener?.("storage", listener);
      const has = { stores: STORAGES.filter((name) => allowed(global, name)), channels: Boolean(global.BroadcastChannel) };
      worker.postMessage({ kind: "start", wasmURL, wasmModule, has });
      const { version } = await ready;
      mark();
      return { version, open, handles: () => handles.size, decode: (token) => ask({ kind: "decode", id: `decode ${++lastDecode}`, token }) };
    },

    /** Makes a call; what Go does not carry the worker does. */
    carry: (operation, request, send) => send(request),

    /** As the page's engine does: what stands in for a worker under Node may keep the process alive. */
    hold(held) {
      isHeld = held;
      mark();
    },

    /** The memory in bytes when the worker last answered. */
    memory: () => memory,

    async exit() {
      post({ kind: "exit" });
      await gone;
    },
  };
}

// What postMessage can carry: storages stay on the page.
function plainConfig({ storage, tokenStorage, ...config }) {
  return { ...config, storage: storage && undefined, tokenStorage: tokenStorage && undefined };
}
