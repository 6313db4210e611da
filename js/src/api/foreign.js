import { failure } from "../shared/exception.js";
import { flatten } from "../shared/flatten.js";
import { maskedURL } from "../shared/printed.js";
import { bodyOf, formDataOf, formOf } from "../engine/request.js";
import { BY_GO, sessionOf } from "./lanes.js";
import { operationsOf } from "./service.js";
import { stateOf } from "../shared/hidden.js";

/**
 * Makes an operation, and what is written() of it, of a call by its URL. An
 * operation of the account is recognized, with what it does to the session; any
 * other goes out as whoever the client acts for.
 */
export function foreignCall(client, method, url, headers = {}, params = {}, answer = "") {
  const { config } = client;
  const verb = method.toUpperCase();
  const to = new URL(url);
  const named = lowerCase(headers);
  if (verb === "GET") append(to, params);
  const { operation, path } = knownOperation(client, `${verb} ${pathBelow(config.endpoint, to)}`);
  const byGo = Object.entries({ project: "X-Appwrite-Project", ...BY_GO });
  const isByGo = ([name, value]) => byGo.some(([member, header]) => header.toLowerCase() === name && value === config[member]);
  const more = Object.entries(named).filter((header) => !isByGo(header));
  return {
    operation: { name: "call", lanes: "jwt session key guest", effect: "", ...operation, answer },
    request: {
      path,
      query: to.search.slice(1),
      headers: { ...(verb !== "GET" && { "content-type": "" }), ...Object.fromEntries(more) },
      ...(verb !== "GET" && bodyOfCall(named["content-type"], params)),
    },
  };
}

/** Gives what a call would send, by the credential that can be known: nobody sees the browser's cookies. */
export function preparedRequest(client, method, url, headers, params) {
  const { operation, request } = foreignCall(client, method, url, headers, params);
  const { query, form } = request;
  const body = form ? formDataOf(form) : request.body;
  const credentials = { ...client.config, session: sessionOf(client.config) };
  const lanes = request.path.sessionId === "current" ? ["session"] : operation.lanes.split(" "); // as lane.go has it
  const lane = lanes.find((name) => credentials[name]);
  const own = Object.entries(client.getHeaders()).filter(([name]) => !/^X-Appwrite-(JWT|Session|Key)$|^Cookie$/.test(name));
  const sent = {
    "X-Appwrite-Response-Format": stateOf(client).runtime.format, ...Object.fromEntries(own), ...(lane && { [BY_GO[lane]]: credentials[lane] }), ...headers,
  };
  if (form) delete sent["content-type"];
  const to = new URL(url);
  to.search = query;
  return { uri: to.href, options: { method: method.toUpperCase(), headers: sent, credentials: lane ? "omit" : "include", ...(body && { body }) } };
}

function lowerCase(headers) {
  return { __proto__: null, ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])) };
}

function append(to, params) {
  for (const [name, value] of Object.entries(flatten(params))) to.searchParams.append(name, value);
}

// Credentials go along with a call, and so to no other place.
function pathBelow(endpoint, to) {
  const base = new URL(endpoint);
  const root = base.pathname.replace(/\/+$/, "");
  if (to.origin === base.origin && to.pathname.startsWith(`${root}/`)) return to.pathname.slice(root.length);
  throw failure(
    "client_invalid_argument",
    `Invalid URL: ${maskedURL(String(to))} is not below the client's endpoint ${maskedURL(endpoint)}, and a call takes the client's credentials along. Use fetch() for it`,
  );
}

function knownOperation(client, target) {
  if (/^POST \/graphql(\/mutation)?$/.test(target)) return { operation: { pattern: target, effect: "envelope" }, path: {} };
  for (const operation of Object.values(operationsOf(client.account.constructor))) {
    const names = [...operation.pattern.matchAll(/{(\w+)}/g)].map(([, name]) => name);
    const found = new RegExp(`^${operation.pattern.replace(/{\w+}/g, "([^/]+)")}$`).exec(target);
    if (found) return { operation, path: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1])])) };
  }
  return { operation: { pattern: target }, path: {} };
}

function bodyOfCall(type, params) {
  if (type === "application/json") return { body: bodyOf(params) };
  return type === "multipart/form-data" ? { form: formOf(params) } : { body: "" };
}
