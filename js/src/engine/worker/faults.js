import { AppwriteException, toException } from "../../shared/exception.js";

/** Describes an error for postMessage(), through which an Error keeps its message and none of our fields. */
export function described(error) {
  const { message, code, type, response, reason, advice, retryAfter, cause } = toException(error);
  const below = cause === undefined || cause === null ? undefined : { name: String(cause.name ?? "Error"), message: String(cause.message ?? cause) };
  return { message, code, type, response, reason, advice, retryAfter, below };
}

/** Makes an error of what described() returned. Its cause is an Error of the same name and message. */
export function revived({ message, code, type, response, below, ...options }) {
  if (below) options.cause = Object.assign(new Error(below.message), { name: below.name });
  return new AppwriteException(message, code, type, response, options);
}
