import { newWorkerEngine } from "./engine/worker/workerengine.js";
import { Account, Functions } from "./api/services.gen.js";

/** Makes the platform of a build for pages of what differs between them: where its files are. */
export function pagePlatform(places) {
  const platform = {
    __proto__: null,
    version: __ISOJOT_VERSION__,
    format: "2.3.0",
    global: globalThis,
    services: { Account, Functions },
    workerEngine: (options) => newWorkerEngine(platform, options),
    ...places,
  };
  return platform;
}
