import { functions } from "./functions.gen.js";
import { describe } from "./operation.js";
import { defineOperations } from "./service.js";

/**
 * Executes functions as whoever the client acts for, or as a guest. One method
 * for each of its operations; a missing parameter throws at once,
 * everything else rejects.
 */
export class Functions {
  constructor(client) {
    this.client = client;
  }
}

// The official package calls the path so, in its object form.
function named([first, ...rest]) {
  const other = first !== null && typeof first === "object" && first.xpath !== undefined && first.path === undefined;
  return [other ? { ...first, path: first.xpath } : first, ...rest];
}

defineOperations(Functions, describe("functions", functions), named);
