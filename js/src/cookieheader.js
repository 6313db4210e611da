/** Returns the value of the cookie in a Cookie header (RFC 6265 section 4.2), as it is there, or undefined. Of two the first counts. */
export function cookieIn(header, name) {
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim().replace(/^"(.*)"$/, "$1");
  }
  return undefined;
}

/** Writes a Set-Cookie header (RFC 6265 section 4.1) of a cookie with the options that frameworks take. */
export function setCookieHeader(name, value, { expires, path, domain, sameSite, secure, httpOnly }) {
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
