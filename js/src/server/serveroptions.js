import { Client } from "../api/client.js";
import { clientConfig } from "../api/clientoptions.js";
import { given, has } from "../shared/members.js";
import { isPromise } from "./cookies.js";
import { Account } from "./services.gen.js";
import { invalid, known } from "../shared/options.js";

const OPTIONS = ["endpoint", "project", "cookies", "jwt", "locale", "headers", "token", "cookieOptions"];

/**
 * Checks the options of createServerClient() and gives its parts: a client
 * that holds the configuration, and what else a call takes. Throws an
 * AppwriteException that names the bad one.
 */
export function serverOptions(runtime, options) {
  const { endpoint, project, cookies, jwt, locale, headers, token, cookieOptions } = known("createServerClient()", options, OPTIONS);
  // undefined alone is what a request without cookies has.
  if (!has(options, "cookies")) throw invalid("createServerClient() needs cookies: the request's, by which the client knows whose it is");
  if (typeof project !== "string" || !/^[\w.-]{1,36}$/.test(project)) {
    throw invalid("project must be the project's id: 1 to 36 letters, digits, periods, hyphens and underscores");
  }
  return {
    base: new Client(runtime, undefined, { Account }).setEndpoint(endpoint).setProject(project).setJWT(jwt).setLocale(locale),
    fixed: clientConfig({ token, tokenStorage: "none" }, "createServerClient()"),
    headers: checkedHeaders(headers),
    cookies,
    cookieOptions: cookieOptions ?? {},
  };
}

function checkedHeaders(headers = {}) {
  if (typeof headers !== "object" || headers === null || isPromise(headers)) throw invalid("headers must be an object of names and values");
  const all = typeof given(headers, "entries") === "function" ? [...headers.entries()] : Object.entries(headers);
  const entries = all.filter(([, value]) => value !== undefined); // as what a request has not
  const odd = entries.find(([, value]) => typeof value !== "string");
  if (odd) throw invalid(`headers["${odd[0]}"] must be a string, not ${odd[1] === null ? "null" : `a ${typeof odd[1]}`}`);
  return Object.fromEntries(entries);
}
