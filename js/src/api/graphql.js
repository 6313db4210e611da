import { invalidParameter } from "../shared/exception.js";
import { has } from "../shared/members.js";

/**
 * Changes the arguments of class Graphql: the query stands in an object, { query: { query: "{ ... }" } }.
 * By position it has a member of that name too, which is then a text.
 */
export function queryFirst([first, ...rest]) {
  const isNamed = typeof first === "object" && first !== null && !Array.isArray(first) && has(first, "query") && typeof first.query !== "string";
  const query = isNamed ? first.query : first;
  if (query !== undefined && typeof query !== "object") {
    throw invalidParameter('query must be an object such as { query: "{ accountGet { _id } }" }, or a list of them');
  }
  return [isNamed ? first : { query }, ...rest];
}
