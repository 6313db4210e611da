// What the tests of createServerClient() share: requests over a Go program made of JavaScript.
import assert from "node:assert/strict";

import { AppwriteException } from "../src/shared/exception.js";
import { serverClients } from "../src/server/serverclient.js";
import { definePackage, fakePlatform } from "./support.mjs";

export const ENDPOINT = "http://api.test/v1";
export const NAME = "a_session_demo";
export const EXPIRE = "2027-08-21T12:42:57.123+00:00";
export const OK = { json: true, text: "{}" };

/** The package for a server; `make` makes the client of a request with these cookies. */
export function setUp(options) {
  const platform = fakePlatform({ serverClients, ...options });
  const isojot = definePackage(platform);
  const make = (cookies, more) => isojot.createServerClient({ endpoint: ENDPOINT, project: "demo", cookies, ...more });
  return { ...isojot, make, platform, programs: platform.programs };
}

/** A request's cookies as SvelteKit and Next.js have them: what is set is read back. */
export function jar(session, set = (values, name, value) => (values[name] = value)) {
  const values = session === undefined ? {} : { [NAME]: session };
  return { values, get: (name) => values[name], set: (...args) => set(values, ...args) };
}

/** Checks that an error is an AppwriteException of that type. */
export function refused(type, message = /./) {
  return (error) => {
    assert.deepEqual([error instanceof AppwriteException, error.type], [true, type], error.message);
    assert.match(error.message, message);
    return true;
  };
}

/** What the server answers a sign-in and a sign-out with, and anything else. */
export async function answers({ name }) {
  if (name.endsWith("Session") && name.includes("create")) return { json: true, text: JSON.stringify({ $id: "s", secret: "", expire: EXPIRE }), secret: "fresh" };
  if (name.includes("delete") || name.includes("Status")) return { json: false, text: "", cleared: name !== "account.delete" };
  return OK;
}

/** The server's refusal of a caller with that role. */
export function guest(role) {
  return Object.assign(new Error(`User (role: ${role}) missing scopes (["account"])`), { code: 401, type: "general_unauthorized_scope", reason: "unknown" });
}
