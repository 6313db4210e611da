import { Client as BaseClient } from "./api/client.js";
import { failure } from "./shared/exception.js";
import { named } from "./shared/named.js";
import { newRuntime } from "./engine/runtime.js";

/**
 * Makes what of the package's exports is bound to one platform (see newRuntime).
 * Nothing is loaded or run by it. `platform.services` are the classes Account and Functions, `platform.Client` is
 * the class Client where it is not that of pages, `platform.serverClients` makes createServerClient() of
 * the Runtime, and `platform.functionClients` makes clientFromFunction() of the
 * class Client, in the builds that have them.
 */
export function definePackage(platform) {
  const runtime = newRuntime(platform);
  class Client extends (platform.Client ?? BaseClient) {
    constructor(options) {
      super(runtime, options, platform.services);
    }
  }
  const exports = {
    Client,
    clientFromFunction: platform.functionClients?.(Client, platform.global) ?? refuse("clientFromFunction() is for functions"),
    createServerClient: platform.serverClients?.(runtime) ?? refuse("createServerClient() is for servers"),
    decodeJWT: runtime.decode,
    dispose: runtime.dispose,
    init: runtime.init,
    preload: runtime.preload,
    stats: runtime.stats,
  };
  for (const [name, value] of Object.entries(exports)) named(name, value);
  return exports;
}

// A page has no use for them, and should not have to load them.
function refuse(what) {
  return () => {
    throw failure("client_invalid_argument", `${what}: in a page use new Client(), for which the browser keeps the session`);
  };
}
