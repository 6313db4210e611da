import { invalid, known } from "../shared/options.js";

const OPTIONS = ["storage", "tokenStorage", "token"];
const TOKEN = ["duration", "refreshEarly"];
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
  return storage;
}

function seconds(name, value, min) {
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && value >= min && value <= MAX_SECONDS) return value;
  throw invalid(`${name} must be a whole number of seconds from ${min} to ${MAX_SECONDS}, not ${String(value)}`);
}
