import { Account } from "./account.js";
import { Client as BaseClient } from "./client.js";
import { AppwriteException } from "./exception.js";
import { Graphql } from "./graphql.js";
import { ID } from "./id.js";
import { Runtime } from "./runtime.js";

/** Makes what the package exports, for one platform (see Runtime). Nothing is loaded or run by it. */
export function definePackage(platform) {
  const runtime = new Runtime(platform);
  class Client extends BaseClient {
    constructor(options) {
      super(runtime, options);
    }
  }
  return {
    Account,
    AppwriteException,
    Client,
    Graphql,
    ID,
    decodeJWT: (token) => runtime.decode(token),
    dispose: () => runtime.dispose(),
    init: (options) => runtime.init(options),
    preload: () => runtime.preload(),
  };
}
