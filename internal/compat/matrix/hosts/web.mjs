// The browser builds: in a page, where this is a module script, and in a
// worker, where it is the worker. The results go to the server that the page
// is from, which says too which list of checks to run.
import { observe } from "../observe.mjs";
import { differ, run } from "../run.mjs";

const report = (results) => fetch("/results", { method: "POST", body: JSON.stringify(results) });
const violations = [];
globalThis.document?.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => violations.push(`${violatedDirective} ${blockedURI}`));

try {
  const { script, module, env, list } = await (await fetch("/config.json")).json();
  const { checks, prepare } = await import(`../${list}.mjs`);
  prepare?.();
  const watch = observe();
  const results = await run(watch, () => (script ? byTag(script) : import(module)), env, checks);
  if (globalThis.document) results.push({ name: "nothing violates the page's policy", error: differ(violations, []) });
  await report(results);
} catch (error) {
  await report([{ name: "the run", error: `${error}\n${error.stack}` }]);
}

async function byTag(src) {
  const tag = Object.assign(document.createElement("script"), { src });
  await new Promise((resolve, reject) => {
    Object.assign(tag, { onload: resolve, onerror: reject });
    document.head.append(tag);
  });
  return globalThis.isojot;
}
