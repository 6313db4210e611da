// One server for all tests of a file, without limits and with an API key.
import { after, before } from "node:test";
import { project, startIsojot } from "./isojot.mjs";

export const KEY = "a key for tests of every scope";
export const password = "correct horse battery";

/** Starts it before the file's tests; the result has the server as soon as they run. */
export function suite(...args) {
  const ends = [];
  const shared = {};
  before(async () => {
    const owner = { after: (end) => ends.push(end) };
    shared.isojot = await startIsojot(owner, { args: ["--api-key", KEY, "--limits", "off", ...args] });
  });
  after(() => Promise.all(ends.map((end) => end())));
  return shared;
}

/** A client of the SDK for the suite's server, nobody signed in. */
export const clientOf = (Client, shared) => new Client().setEndpoint(shared.isojot.endpoint).setProject(project);
