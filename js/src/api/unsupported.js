import { failure } from "../shared/exception.js";
import { missing } from "./missing.gen.js";

/**
 * What the official package has and this one does not cover, by class; a name
 * that begins with "static " is of the class itself. Each is there and throws,
 * or rejects where the official one would, so that a program whose import was
 * changed learns which call it was.
 */
export const unsupported = {
  account: missing,
  client: [
    "setEndpointRealtime", "setBearer", "setCookie", "setImpersonateUserId", "setImpersonateUserEmail", "setImpersonateUserPhone",
    "subscribe", "prepareRequest", "chunkedUpload", "call", "static flatten",
  ],
};

// What answers no promise in the official package throws at once there, too.
const AT_ONCE = /^(createOAuth2|set|subscribe$|prepareRequest$|static )/;

/** Gives a class the methods of that part of the list. */
export function refuseUnsupported(Class, part) {
  for (const entry of unsupported[part]) {
    const name = entry.replace("static ", "");
    const refusal = () =>
      failure("client_unsupported", `${part}.${name}() is not in isojot, which covers accounts, sessions and JWTs: ${insteadOf(name)}`);
    const value = AT_ONCE.test(entry)
      ? () => {
          throw refusal();
        }
      : async () => {
          throw refusal();
        };
    Object.defineProperty(name === entry ? Class.prototype : Class, name, { value, writable: true, configurable: true });
  }
}

// The official services call their client: one of theirs was given ours.
function insteadOf(name) {
  return name === "call"
    ? "give services of the appwrite package a Client of that package; in a page both share the session"
    : "use the appwrite package for it, beside this one; in a page both share the session";
}
