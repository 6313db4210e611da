// The names under which Go keeps something (fallback.go, session_storage.go). A worker
// cannot look into the page's storages: the page tells it what is there.

/** The session, where the browser keeps no cookie for it. */
export const FALLBACK = "cookieFallback";

const EPOCH = "isojot:epoch:";

/** Reports whether a name is that of the number of the last sign-in or sign-out, which only grows. */
export function isEpoch(name) {
  return name.startsWith(EPOCH);
}

/** What the tabs of a page keep for the project of a client: their epoch and this tab's token. */
export function tabNames({ endpoint, project }) {
  const of = `${project}@${endpoint.replace(/\/+$/, "")}`;
  return { epoch: EPOCH + of, token: `isojot:token:${of}` };
}

/** Reports whether the client shares the session of all tabs, rather than having been given one. */
export function sharesSession({ session, jwt, storage }) {
  return !session && !jwt && !storage;
}
