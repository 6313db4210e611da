import { invalid, known } from "../shared/options.js";

const OPTIONS = ["storage", "tokenStorage", "token"];
const TOKEN = ["duration", "refreshEarly"];
// What a storage is asked for first (fallback.go).
const SESSION = "cookieFallback";
const MAX_SECONDS = 3600;

/**
 * Checks the options of a Client and returns them in the form that Go takes.
 * Throws an AppwriteException that names the bad option and its bounds; `where`
 * is the call that takes them.
 */
export function clientConfig(options = {}, where = "new Client()") {
  const { storage, tokenStorage, token } = known(where, options, OPTIONS);
  const { duration, refreshEarly } = known(where.replace(")", "{ token })"), token ?? {}, TOKEN);
  return Object.freeze({
    storage: checkedStorage("storage", storage),
    tokenStorage: checkedStorage("tokenStorage", tokenStorage),
    tokenDuration: seconds("token.duration", duration, 1) ?? 0,
    tokenRefreshEarly: seconds("token.refreshEarly", refreshEarly, 0) ?? -1,
  });
}

function checkedStorage(name, storage) {
  if (storage === "none") return null;
  if (storage === undefined || storage === null) return storage;
  for (const method of ["getItem", "setItem", "removeItem"]) {
    if (typeof storage[method] === "function") continue;
    throw invalid(`${name} has no ${method}(): give an object like localStorage, or "none"`);
  }
  checkAnswer(name, read(storage));
  return storage;
}

// A storage that answers later, as those of React Native do, would be taken for
// an empty one, and its user for signed out.
function checkAnswer(name, value) {
  if (value === undefined || value === null || typeof value === "string") return;
  if (typeof value.then !== "function") {
    const kind = typeof value === "object" ? "an object" : `a ${typeof value}`;
    throw invalid(`${name}.getItem() gave ${kind}, not a string: it must give what setItem() was given, or null`);
  }
  Promise.resolve(value).catch(() => {}); // nobody waits for it
  throw invalid(
    `${name}.getItem() gave a promise: it must give a string or null at once. ` +
      `Keep what ${name} holds in memory, and write it through`,
  );
}

// One that throws (full, forbidden) is taken for none, as by Go.
function read(storage) {
  try {
    return storage.getItem(SESSION);
  } catch {
    return null;
  }
}

function seconds(name, value, min) {
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && value >= min && value <= MAX_SECONDS) return value;
  throw invalid(`${name} must be a whole number of seconds from ${min} to ${MAX_SECONDS}, not ${String(value)}`);
}
