// How much memory scripts hold, in a page with its worker or in this process.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What this process's scripts hold, in bytes, without what can be collected. */
export function heldHere() {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Watches what the scripts of a page, and of its worker once there is one, hold: ArrayBuffers, WebAssembly and Blobs' handles, too. */
export async function watchHeap(page) {
  const cdp = await page.context().newCDPSession(page);
  const workers = new Map();
  const answers = new Map();
  let last = 0;
  cdp.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => targetInfo.type === "worker" && workers.set(sessionId, targetInfo));
  cdp.on("Target.detachedFromTarget", ({ sessionId }) => workers.delete(sessionId));
  cdp.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message);
    answers.get(id)?.(result);
    answers.delete(id);
  });
  await cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const askWorker = (sessionId, method) => {
    const answered = new Promise((resolve) => answers.set(++last, resolve));
    return cdp.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id: last, method }) }).then(() => answered);
  };
  const askAll = (method) => Promise.all([cdp.send(method), ...[...workers.keys()].map((id) => askWorker(id, method))]);
  const held = async () => {
    const usages = await askAll("Runtime.getHeapUsage");
    return usages.map(({ usedSize, embedderHeapUsedSize, backingStorageSize }) => usedSize + embedderHeapUsedSize + backingStorageSize).reduce((a, b) => a + b);
  };
  return {
    /** How many contexts are watched: the page, and its worker. */
    get contexts() {
      return 1 + workers.size;
    },

    /** Resolves as `work` does, with by how many bytes at most there was more than before: { value, grown, samples }. */
    async during(work) {
      await askAll("HeapProfiler.collectGarbage");
      const before = await held();
      let [most, samples, over] = [before, 0, false];
      const working = work().finally(() => (over = true));
      for (; !over; samples++) most = Math.max(most, await held());
      return { value: await working, grown: most - before, samples };
    },
  };
}
