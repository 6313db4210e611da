import { whence } from "../shared/exception.js";
import { readArguments } from "./params.js";

/**
 * Gives a class one method for each of the descriptors. `rename` changes the
 * arguments before they are read.
 */
export function defineOperations(Service, operations, rename = (args) => args) {
  for (const [name, operation] of Object.entries(operations)) {
    Object.defineProperty(Service.prototype, name, { value: method(operation, rename), writable: true, configurable: true });
  }
}

function method(operation, rename) {
  return function call(...args) {
    const { params, signal } = readArguments(operation, rename(args));
    return this.client.invoke(operation, params, signal).catch(whence(call));
  };
}
