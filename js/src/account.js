import { operations } from "./operations.gen.js";
import { namedParams } from "./params.js";

const PREFIX = "account.";

/**
 * The account of whoever the client acts for. One method for each operation
 * of the table; a missing parameter throws at once, everything else rejects.
 */
export class Account {
  constructor(client) {
    this.client = client;
  }
}

function method(operation) {
  return function (...args) {
    return this.client.invoke(operation, namedParams(operation, args));
  };
}

for (const operation of Object.keys(operations)) {
  if (!operation.startsWith(PREFIX)) continue;
  Object.defineProperty(Account.prototype, operation.slice(PREFIX.length), {
    value: method(operation),
    writable: true,
    configurable: true,
  });
}
