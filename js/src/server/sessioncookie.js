import { whenever } from "./cookies.js";
import { setCookieHeader } from "../shared/cookieheader.js";
import { invalid, known } from "../shared/options.js";

const OPTIONS = ["domain", "path", "sameSite", "secure"];
const SAME_SITE = ["lax", "strict", "none"];
// What isojot and the servers take for a cookie's and a header's value, and no longer.
const USABLE = /^[!#-[\]-~]{1,8192}$/;

/**
 * Makes the session cookie of a project: the one that the server sets too
 * (contract section 4), so that a browser and its server share one sign-in.
 * `secure` is whether to mark it so where the options say nothing.
 */
export function newSessionCookie(project, options, secure) {
  const name = `a_session_${project.toLowerCase()}`; // servers write it so
  const legacy = `${name}_legacy`;
  const attributes = checked({ path: "/", sameSite: "lax", ...(secure ? { secure } : {}), ...options });
  const written = (cookie, value, expires) => {
    const all = { httpOnly: true, ...attributes, ...(expires ? { expires } : {}) };
    return { name: cookie, value, options: all, header: setCookieHeader(cookie, value, all) };
  };
  return {
    name,

    /** The session in the cookies, "" if there is none, or a promise of it. */
    read: (cookies) => whenever(cookies.read(name), (values) => agreed(values) ?? whenever(cookies.read(legacy), (old) => agreed(old) ?? "")),

    /** What to write to keep a session that the server made. */
    kept: ({ secret, expire }) => [written(name, secret, dateOf(expire))],

    /** What to write to remove it. */
    removed: () => [name, legacy].map((cookie) => written(cookie, "", new Date(0))),
  };
}

function checked(options) {
  const { domain, path, sameSite, secure } = known("cookieOptions", options, OPTIONS);
  for (const [key, value] of Object.entries({ domain, path })) {
    // A semicolon or a control character would begin another attribute.
    if (value === undefined || (typeof value === "string" && /^[ -:<-~]+$/.test(value))) continue;
    throw invalid(`cookieOptions.${key} must be a string that can stand in a cookie, not ${String(value)}`);
  }
  // Browsers drop a cookie of any other domain, and take any other path for the address's own.
  if (domain !== undefined && !/^\.?[\w-]+(\.[\w-]+)*$/.test(domain)) {
    throw invalid(`cookieOptions.domain must be the name of a host, such as example.com, without scheme, port and path, not ${domain}`);
  }
  if (path !== undefined && !path.startsWith("/")) throw invalid(`cookieOptions.path must begin with /, not ${path}`);
  if (secure !== undefined && typeof secure !== "boolean") throw invalid("cookieOptions.secure must be true or false");
  if (!SAME_SITE.includes(sameSite)) throw invalid(`cookieOptions.sameSite must be one of ${SAME_SITE.join(", ")}, not ${String(sameSite)}`);
  if (sameSite === "none" && !secure) throw invalid('cookieOptions.sameSite "none" needs secure: true, or browsers drop the cookie');
  return options;
}

// The one session that all values hold, undefined if none does, "" if they
// differ: a page of a neighbouring host may have set one of them, and chosen its
// place in the header (internal/sessioncookie has the whole reason).
function agreed(values) {
  const sessions = new Set(values.map(sessionOf).filter(Boolean));
  return sessions.size > 1 ? "" : sessions.values().next().value;
}

// Some stores decode what the server percent-encoded (contract section 4),
// others do not. What no session can be is a guest's, as the servers have it.
function sessionOf(value) {
  const session = (value ?? "").replace(/%(2b|2f|3d)/gi, decodeURIComponent);
  return USABLE.test(session) && session !== "deleted" ? session : "";
}

function dateOf(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
