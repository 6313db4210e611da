import { functions } from "./functions.gen.js";
import { given } from "../shared/members.js";
import { describe } from "./operation.js";
import { defineOperations } from "./service.js";

/**
 * Executes functions as the client's user, or as a guest. It has one method
 * for each operation of its own; a missing parameter throws at once,
 * everything else rejects.
 */
export class Functions {
  constructor(client) {
    this.client = client;
  }
}

// The official package calls the path so, in its object form.
function named([first, ...rest]) {
  const other = first !== null && typeof first === "object" && given(first, "xpath") !== undefined && given(first, "path") === undefined;
  return [other ? { ...first, path: first.xpath } : first, ...rest];
}

defineOperations(Functions, describe("functions", functions), named);
