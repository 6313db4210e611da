import { AppwriteException, toException } from "../../shared/exception.js";

/** Gives what of an error postMessage() would lose: an Error arrives with its message and nothing of ours. */
export function described(error) {
  const { message, code, type, response, reason, advice, retryAfter, cause } = toException(error);
  const below = cause === undefined || cause === null ? undefined : { name: String(cause.name ?? "Error"), message: String(cause.message ?? cause) };
  return { message, code, type, response, reason, advice, retryAfter, below };
}

/** Makes the error again of what described() gave. Its cause is an Error of the same name and message. */
export function revived({ message, code, type, response, below, ...options }) {
  if (below) options.cause = Object.assign(new Error(below.message), { name: below.name });
  return new AppwriteException(message, code, type, response, options);
}
