import { failure, mixedVersions } from "../../shared/exception.js";

const PATIENCE = 30_000; // milliseconds, for a script that loads but is another
const TRUSTED = ", and with trusted-types isojot where it requires Trusted Types";
const FIX = "make worker.js of this version available there as text/javascript, or say where it is with init({ workerURL })";

/**
 * Starts the worker and resolves with it when it has said hello. Rejects with
 * an AppwriteException that says what was in the way, and what to do.
 */
export async function startWorker(platform, options) {
  const { global } = platform;
  if (typeof global.Worker !== "function") throw failed("this platform has no Worker", "leave worker: true out here");
  const url = addressOf(platform, options);
  const policy = watchPolicy(global, url);
  let worker;
  try {
    worker = start(platform, url);
    const { version } = await hello(global, worker, url, policy);
    if (version !== platform.version) throw mixedVersions(url, version, platform.version);
    return worker;
  } catch (error) {
    worker?.terminate();
    throw error;
  } finally {
    policy.stop();
  }
}

/** Makes an address absolute, as the page takes it: `option` is the one of init() that sets it. */
export function absolute(global, option, address) {
  try {
    return new URL(address(), global.document?.baseURI ?? global.location.href);
  } catch (cause) {
    throw failed(`where its file lies is not known (${cause.message})`, `give a URL to init({ ${option} })`, cause);
  }
}

// Browsers start no worker from another origin, and a blob: or data: URL in its
// place would need a Content-Security-Policy that allows any script.
function addressOf(platform, options) {
  const { global } = platform;
  const url = absolute(global, "workerURL", () => options.workerURL ?? platform.workerURL());
  if (/^https?:$/.test(url.protocol) && url.origin === (global.origin ?? global.location.origin)) return url.href;
  throw failed(
    `${url.href.slice(0, 200)} is not of the page's own origin (${global.origin ?? global.location.origin}), from which alone workers start`,
    "serve a copy of worker.js beside the page and name it with init({ workerURL })",
  );
}

function start(platform, url) {
  try {
    return new platform.global.Worker(trusted(platform, url), { name: "isojot" });
  } catch (cause) {
    throw failed(`the browser refused to start ${url} (${cause.message})`, `allow it in the page's Content-Security-Policy with worker-src 'self'${TRUSTED}`, cause);
  }
}

// Where the page requires Trusted Types a plain text starts no worker. A policy
// may be refused, as one that is made twice is: it is kept on the platform.
function trusted(platform, url) {
  try {
    platform.trust ??= platform.global.trustedTypes?.createPolicy("isojot", { createScriptURL: (url) => url });
  } catch {
    return url; // good enough for a page that does not require them
  }
  return platform.trust?.createScriptURL(url) ?? url;
}

function hello(global, worker, url, policy) {
  return new Promise((resolve, reject) => {
    const late = () => reject(failed(`${url} did not answer within 30 seconds: it may be another script`, FIX));
    const timer = global.setTimeout(late, PATIENCE);
    const over = (settle) => (event) => {
      global.clearTimeout(timer);
      worker.onmessage = worker.onerror = null;
      settle(event);
    };
    worker.onmessage = over(({ data }) => resolve(data?.kind === "hello" ? data : Promise.reject(failed(`${url} is another script`, FIX))));
    worker.onerror = over((event) => {
      event.preventDefault?.();
      why(global, url, event, policy).then(reject);
    });
  });
}

// The event of a worker that could not be loaded says nothing; one of a script
// that cannot be read may come from a page in its place.
async function why(global, url, { message }, policy) {
  const found = await look(global, url);
  if (message) return failed(`the script at ${url} failed (${message}); ${found}`, FIX);
  if (policy.blocked()) return failed(`the page's Content-Security-Policy blocks ${url}`, "add worker-src 'self' to it");
  return failed(`${url} could not be loaded: ${found}`, FIX);
}

async function look(global, url) {
  try {
    const response = await global.fetch(url);
    return `the answer was HTTP ${response.status}, ${response.headers.get("content-type") ?? "no content type"}`;
  } catch (cause) {
    return `the request failed (${cause.message})`;
  }
}

function watchPolicy(global, url) {
  const target = global.document ?? global;
  let blocked = false;
  const listener = ({ effectiveDirective, blockedURI, disposition }) => {
    if (disposition !== "report" && /^(worker|child|script)-src/.test(effectiveDirective) && url.startsWith(blockedURI)) blocked = true;
  };
  target.addEventListener?.("securitypolicyviolation", listener);
  return { blocked: () => blocked, stop: () => target.removeEventListener?.("securitypolicyviolation", listener) };
}

function failed(what, fix, cause) {
  return failure("client_worker_failed", `isojot could not start its worker: ${what}. To fix it, ${fix}.`, cause);
}
