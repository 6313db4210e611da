// The life of the token: what is left of it, by the server's clock.

/** Seconds left of a token, or null where it has no readable expiry. */
export function secondsLeft(token, now = Date.now()) {
  const exp = token?.claims?.exp;
  if (typeof exp !== 'number') return null;
  return exp - (now + token.skew) / 1000;
}

/**
 * By how many milliseconds the server's clock is ahead of this one. A JWT says
 * when it ends and not when it was made, so the asked-for life tells: made =
 * exp - seconds. The server rounds to seconds and the request takes time, so
 * anything under two seconds is no skew.
 */
export function clockSkew(claims, seconds, now = Date.now()) {
  if (typeof claims?.exp !== 'number' || !seconds) return 0;
  const skew = (claims.exp - seconds) * 1000 - now;
  return Math.abs(skew) < 2000 ? 0 : skew;
}

/** Seconds as m:ss, or h:mm:ss from an hour on. Rounded up: 0:00 is the end. */
export function clockText(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = two(whole % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** The same for a screen reader or a sentence: "14 min 3 s". */
export function spokenText(seconds) {
  const whole = Math.max(0, Math.ceil(Math.abs(seconds)));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor(whole / 3600) % 24} h`;
}
