import { own } from "./members.js";

/** Returns the values that a Cookie header has for the name (RFC 6265 section 4.2), as they are there, in its order. */
export function cookiesIn(header, name) {
  return (header ?? "").split(";").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim().replace(/^"(.*)"$/, "$1")] : [];
  });
}

/** Writes a Set-Cookie header (RFC 6265 section 4.1) of a cookie with the options that frameworks take. */
export function setCookieHeader(name, value, options) {
  const { expires, path, domain, sameSite, secure, httpOnly } = own(options);
  const attributes = [
    expires && `Expires=${expires.toUTCString()}`,
    path && `Path=${path}`,
    domain && `Domain=${domain}`,
    secure && "Secure",
    httpOnly && "HttpOnly",
    sameSite && `SameSite=${sameSite[0].toUpperCase()}${sameSite.slice(1)}`,
  ];
  return [`${name}=${encodeURIComponent(value)}`, ...attributes.filter(Boolean)].join("; ");
}
