// What tests need that run every operation: the list of them, codes of
// authenticators, sign-ins at the provider of development, and the count.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { runInThisContext } from "node:vm";
import { project } from "./isojot.mjs";
import { generated, modelsOf } from "./models.mjs";
import { KEY } from "./suite.mjs";

export const SERVICES = ["Account", "Users", "Teams"];

/** The script that pages load, for Node. */
export async function loadRoutes() {
  runInThisContext(await readFile(new URL("../shared/routes.js", import.meta.url), "utf8"), { filename: "routes.js" });
  return globalThis.routesScript;
}

/** The six digits that authenticators show for a secret at a time (RFC 6238). */
export function totpAt(secret, time) {
  const digits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(digits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const code = (hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1_000_000;
  return String(code).padStart(6, "0");
}

/** A code that was not taken yet: half a minute after the last one. */
export const totp = async (isojot, secret) => totpAt(secret, await isojot.advance("30s"));

/** The tools of shared/routes.js for a program: sessions are handed to it, who has the key. */
export function programTools(sdk, isojot) {
  const client = () => new sdk.Client().setEndpoint(isojot.endpoint).setProject(project);
  return {
    url: `${isojot.url}/there`,
    client,
    enter: async (make) => client().setSession((await make(client().setKey(KEY))).secret),
    leave: async () => {},
    byJWT: (jwt) => client().setJWT(jwt),
    atProvider: signInAtProvider,
    nextMail: isojot.nextMail,
    nextText: isojot.nextText,
    totp: (secret) => totp(isojot, secret),
  };
}

/** Does what a browser does with the URL of createOAuth2Token for the provider of development; resolves with the parameters it comes back with. */
async function signInAtProvider(start, email) {
  const jar = new Map();
  const visit = async (url, options = {}) => {
    const headers = { ...options.headers, cookie: [...jar].map((pair) => pair.join("=")).join("; ") };
    const answer = await fetch(url, { ...options, headers, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) jar.set(...line.split(";")[0].split(/=(.*)/s).slice(0, 2));
    const location = answer.headers.get("location");
    assert.ok(location, `${url} was answered with ${answer.status}: ${await answer.text()}`);
    return new URL(location, url);
  };
  // Until there is a form, or what one comes back with.
  const follow = async (url) => (/\/oauth2\/authorize$/.test(url.pathname) || url.searchParams.has("userId") ? url : follow(await visit(url)));
  const form = await follow(new URL(start));
  const fields = Object.fromEntries(["redirect_uri", "state", "code_challenge"].map((name) => [name, form.searchParams.get(name)]));
  const body = new URLSearchParams({ ...fields, email, name: "Ada", verified: "true", answer: "yes" });
  const back = await follow(await visit(form, { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded" } }));
  return Object.fromEntries(back.searchParams);
}

/**
 * Counts the operations of a package that succeeded, and checks their answers'
 * shapes. `absent` maps what the server has not to why.
 */
export async function count({ name, pkg, services, calls, absent, also = [], odd }) {
  const operations = (await generated(pkg)).filter(({ service }) => services.includes(service));
  const models = await modelsOf(pkg);
  const id = (operation) => `${operation.service}.${operation.name}`;
  const byName = new Map(operations.map((operation) => [id(operation), operation]));
  for (const { operation, value } of calls) {
    const { returns } = byName.get(operation) ?? {};
    if (returns) models.check(returns, value, operation, odd);
  }
  const there = operations.filter((operation) => operation.served && !(id(operation) in absent)).map(id).concat(also);
  const passed = new Set(calls.map(({ operation }) => operation));
  assert.deepEqual(there.filter((operation) => !passed.has(operation)), [], "operations that no call has passed");
  assert.deepEqual([...passed].filter((operation) => !there.includes(operation)), [], "operations that are said to be absent");
  assert.deepEqual(operations.map(id).filter((operation) => !there.includes(operation)).sort(), Object.keys(absent).sort(), "operations that this version has not");
  console.log(`${name}: ${there.length} operations of ${services.join(", ")}, all pass, in ${calls.length} calls; ${Object.keys(absent).length} are not in this version`);
}
