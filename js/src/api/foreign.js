import { failure } from "../shared/exception.js";
import { own } from "../shared/members.js";
import { flatten } from "../shared/flatten.js";
import { maskedURL } from "../shared/printed.js";
import { others } from "../engine/changing.gen.js";
import { bodyOf, formDataOf, formOf, textsOf } from "../engine/request.js";
import { BY_GO, sessionOf } from "./lanes.js";
import { operationsOf } from "./service.js";
import { stateOf } from "../shared/hidden.js";

const pathOf = ({ pathname }) => pathname.replace(/\/+/g, "/");

/**
 * Makes an operation, and what is written() of it, of a call by its URL, which it gives too. An
 * operation of the account is recognized, with what it does to the session; any
 * other goes out as whoever the client acts for.
 */
export function foreignCall(client, method, url, headers, params = {}, answer = "") {
  const verb = method.toUpperCase();
  const to = new URL(url);
  to.pathname = pathOf(to);
  const named = own(textsOf(headers));
  const hasBody = verb !== "GET" && verb !== "HEAD";
  if (!hasBody) append(to, params);
  const { operation, path } = knownOperation(client, verb, pathBelow(client.config.endpoint, to));
  const known = textsOf(headersFor(client));
  const more = Object.entries(named).filter(([name, value]) => known[name] !== value);
  const type = named["content-type"] ?? "";
  return {
    verb,
    to,
    operation: { name: "call", lanes: "jwt session key guest", ...operation, answer },
    request: {
      path,
      query: String(to.searchParams),
      headers: { ...Object.fromEntries(more), ...(hasBody && { "content-type": type }) },
      ...(hasBody && bodyOfCall(type, params)),
    },
  };
}

/** Gives what a call would send, by the credential that can be known: nobody sees the browser's cookies. */
export function preparedRequest(client, method, url, headers, params) {
  const { verb, to, operation, request } = foreignCall(client, method, url, headers, params);
  const { form } = request;
  const body = form ? formDataOf(form) : request.body;
  const credentials = { ...client.config, session: sessionOf(client.config) };
  const lanes = request.path.sessionId === "current" ? ["session"] : operation.lanes.split(" "); // as lane.go has it
  const lane = lanes.find((name) => credentials[name]);
  const sent = headersFor(client);
  for (const name of ["jwt", "session", "key", "cookie"]) sent[BY_GO[name]] = name === lane ? credentials[name] : undefined;
  const all = { ...textsOf(sent), ...textsOf(headers) };
  if (form) delete all["content-type"]; // fetch says where the parts end
  return { uri: to.href, options: { method: verb, headers: all, credentials: lane ? "omit" : "include", ...(body && { body }) } };
}

// The headers that the client has for each call.
function headersFor(client) {
  return { "X-Appwrite-Response-Format": stateOf(client).runtime.format, "X-Appwrite-Project": client.config.project, ...client.getHeaders() };
}

function append(to, params) {
  for (const [name, value] of Object.entries(flatten(params))) to.searchParams.append(name, value);
}

// The path below the endpoint. Credentials go along with a call, and so to no other place.
function pathBelow(endpoint, to) {
  const base = new URL(endpoint);
  const root = pathOf(base).replace(/\/$/, "");
  if (to.origin === base.origin && to.pathname.startsWith(`${root}/`)) return to.pathname.slice(root.length);
  throw invalidURL(to, `is not below the client's endpoint ${maskedURL(endpoint)}: use fetch() for it`);
}

function knownOperation(client, verb, below) {
  const parts = below.split("/").filter(Boolean).map(decoded);
  for (const operation of [...Object.values(operationsOf(client.account.constructor)), ...others]) {
    const [its, ...names] = operation.pattern.split(/ ?\//);
    const path = {};
    const fits = (name, i) => (name[0] === "{" ? (path[name.slice(1, -1)] = parts[i]) : name === parts[i]);
    if (its === verb && names.length === parts.length && names.every(fits)) return { operation, path };
  }
  return { operation: { pattern: `${verb} ${below}`, effect: "" }, path: {} };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalidURL(part, "has a % that begins no escape: write %25");
  }
}

function invalidURL(url, why) {
  return failure("client_invalid_argument", `Invalid URL: ${maskedURL(String(url))} ${why}`);
}

// What Go reads of a form is a text beside it. GraphQL of a file, which nobody has read, may sign out.
function bodyOfCall(type, params) {
  if (/^application\/json/i.test(type)) return { body: bodyOf(params) };
  if (!/^multipart\/form-data/i.test(type)) return { body: "" };
  const form = formOf(params);
  return { form, body: form.map(([, value]) => (value.arrayBuffer ? "accountDelete" : value)).join() };
}
