// The worker of processworker.mjs. Only what asks for it gets an answer.
import { observe } from "../observe.mjs";
import { run } from "../run.mjs";

globalThis.onmessage = async ({ data }) => {
  const watch = observe();
  const results = await run(watch, () => import("isojot"), JSON.parse(data));
  globalThis.postMessage(JSON.stringify(results));
};
