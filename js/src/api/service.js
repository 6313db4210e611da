import { whence } from "../shared/exception.js";
import { hide, own } from "../shared/members.js";
import { describe } from "./operation.js";
import { readArguments } from "./params.js";

const OPERATIONS = Symbol("operations");

/**
 * Makes the class of a service, with one method for each of the operations that
 * the text describes. A missing parameter throws at once, everything else
 * rejects.
 *
 * The options are functions: by kind those that perform what is no plain call, as
 * (client, operation, params, { signal, onProgress }); `arrange` changes the arguments before they are
 * read; `methods` are further methods.
 */
export function defineService(name, base, lanes, text, { arrange = (args) => args, methods, ...performers } = {}) {
  const Service = {
    [name]: class {
      constructor(client) {
        this.client = client;
      }
    },
  }[name];
  const operations = describe(name[0].toLowerCase() + name.slice(1), base, lanes, text);
  for (const [method, operation] of Object.entries(operations)) {
    hide(Service.prototype, method, methodOf(operation, own(performers)[operation.kind] ?? invoke, arrange));
  }
  for (const [method, value] of Object.entries(own(methods))) hide(Service.prototype, method, value);
  hide(Service, OPERATIONS, operations);
  return Service;
}

/** The descriptors of a service's operations, by method. */
export function operationsOf(Service) {
  return Service[OPERATIONS];
}

function methodOf(operation, perform, arrange) {
  return function call(...args) {
    const { params, ...beside } = readArguments(operation, arrange(args));
    const answer = perform(this.client, operation, params, own(beside));
    return answer?.catch ? answer.catch(whence(call)) : answer;
  };
}

function invoke(client, operation, params, { signal }) {
  return client.invoke(operation, params, signal);
}
