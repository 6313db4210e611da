import { cookiesIn } from "../shared/cookieheader.js";

/** The headers that Go adds, by the members of a client's configuration that they are of. Of the first four one at most goes along. */
export const BY_GO = { jwt: "X-Appwrite-JWT", session: "X-Appwrite-Session", key: "X-Appwrite-Key", cookie: "Cookie", locale: "X-Appwrite-Locale" };

/** The session that a client acts by: the one it was given, or that of its project in the cookies it was given. */
export function sessionOf({ session, cookie, project }) {
  return session || cookiesIn(cookie, `a_session_${project.toLowerCase()}`)[0] || "";
}

/** The operation as a client of that configuration may perform it: with a bearer token nobody is a guest. */
export function allowed(operation, { bearer }) {
  const { lanes } = operation;
  return bearer && typeof lanes === "string" && !lanes.includes("guest") ? { ...operation, lanes: `${lanes} guest` } : operation;
}
