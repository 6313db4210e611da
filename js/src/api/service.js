import { whence } from "../shared/exception.js";
import { operations } from "./operations.gen.js";
import { readArguments } from "./params.js";

/**
 * Gives a class one method for each operation of a service. `rename` changes
 * the arguments before they are read.
 */
export function defineOperations(Service, prefix, rename = (args) => args) {
  for (const operation of Object.keys(operations)) {
    if (!operation.startsWith(prefix)) continue;
    Object.defineProperty(Service.prototype, operation.slice(prefix.length), {
      value: method(operation, rename),
      writable: true,
      configurable: true,
    });
  }
}

function method(operation, rename) {
  return function call(...args) {
    const { params, signal } = readArguments(operation, rename(args));
    return this.client.invoke(operation, params, signal).catch(whence(call));
  };
}
