import { Account } from "./api/account.js";
import { Client as BaseClient } from "./api/client.js";
import { ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger } from "./api/enums.js";
import { AppwriteException, failure } from "./shared/exception.js";
import { Functions } from "./api/functions.js";
import { Graphql } from "./api/graphql.js";
import { ID } from "./api/id.js";
import { Permission } from "./api/permission.js";
import { Query } from "./api/query.js";
import { Role } from "./api/role.js";
import { Runtime } from "./engine/runtime.js";

/**
 * Makes what the package exports, for one platform (see Runtime). Nothing is
 * loaded or run by it. `platform.serverClients` makes createServerClient() of
 * the Runtime, and `platform.functionClients` makes clientFromFunction() of the
 * class Client, in the builds that have them.
 */
export function definePackage(platform) {
  const runtime = new Runtime(platform);
  class Client extends BaseClient {
    constructor(options) {
      super(runtime, options);
    }
  }
  return named({
    Account,
    AppwriteException,
    Client,
    ExecutionMethod,
    ExecutionResourceType,
    ExecutionStatus,
    ExecutionTrigger,
    Functions,
    Graphql,
    ID,
    Permission,
    Query,
    Role,
    clientFromFunction: platform.functionClients?.(Client, platform.global) ?? refuse("clientFromFunction() is for functions"),
    createServerClient: platform.serverClients?.(runtime) ?? refuse("createServerClient() is for servers"),
    decodeJWT: (token) => runtime.decode(token),
    dispose: () => runtime.dispose(),
    init: (options) => runtime.init(options),
    preload: () => runtime.preload(),
    stats: () => runtime.stats(),
  });
}

// By the names that they are exported under, as logs and reporters of errors
// show them. Bundlers and minifiers give them others.
function named(exports) {
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === "function") Object.defineProperty(value, "name", { __proto__: null, value: name, configurable: true });
  }
  return exports;
}

// A page has no use for them, and should not have to load them.
function refuse(what) {
  return () => {
    throw failure("client_invalid_argument", `${what}: in a page use new Client(), for which the browser keeps the session`);
  };
}
