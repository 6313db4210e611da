import { setCookieHeader } from "../shared/cookieheader.js";
import { failure } from "../shared/exception.js";
import { invalid } from "../shared/options.js";
import { NO_STORE } from "./requestsession.js";

// How long the browser that began a sign-in may come back: as long as links of mails work.
const LIFE = 3_600_000;
// The parameter by which its browser is known again. It shows the cookie's hash alone.
const STATE = "state";
const SECRET = /^[\da-f]{64}$/;

/**
 * Makes what binds the callbacks of sign-ins to the browser that began them: a
 * cookie of the project beside that of its session. `secure` is whether browsers
 * come by https.
 */
export function newCallbacks(project, cookies, secure, { crypto }) {
  // Over https no neighbouring host can set it (RFC 6265bis section 4.1.3).
  const name = `${secure ? "__Host-" : ""}isojot_callback_${project.toLowerCase()}`;
  const options = (expires) => ({ httpOnly: true, path: "/", sameSite: "lax", ...(secure ? { secure } : {}), expires });
  const write = (value, expires) =>
    cookies.write([{ name, value, options: options(expires), header: setCookieHeader(name, value, options(expires)) }], NO_STORE);

  // Two that differ are none: a neighbouring host may have set one.
  async function secretOf() {
    const found = new Set(((await cookies.read(name)) ?? []).filter((value) => SECRET.test(value ?? "")));
    return found.size === 1 ? found.values().next().value : "";
  }

  async function stateOf(secret) {
    return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
  }

  return {
    /** Resolves with the address, and the parameter that binds it to the browser. */
    async url(address) {
      const url = parsed(address);
      const secret = (await secretOf()) || hex(crypto.getRandomValues(new Uint8Array(32)));
      await write(secret, new Date(Date.now() + LIFE));
      url.searchParams.set(STATE, await stateOf(secret));
      return url.href;
    },

    /** Resolves with the parameters of a callback, or rejects where it was not begun in this browser. */
    async read(address) {
      const { searchParams } = parsed(address);
      const secret = await secretOf();
      // Hashes of what an attacker does not know: how long it takes to compare them tells nothing.
      if (!secret || searchParams.get(STATE) !== (await stateOf(secret))) throw otherBrowser();
      return { userId: searchParams.get("userId") ?? "", secret: searchParams.get("secret") ?? "" };
    },

    /** Removes the cookie. */
    done: () => write("", new Date(0)),
  };
}

function parsed(address) {
  try {
    const url = new URL(address);
    if (/^https?:$/.test(url.protocol)) return url;
  } catch {
    // It is no URL.
  }
  throw invalid("the address of a callback must be a whole URL, such as https://app.example.com/callback");
}

function otherBrowser() {
  return failure(
    "client_other_browser",
    "The sign-in was not begun in this browser: the link was opened elsewhere, a program looked at it, or somebody wants this visitor to " +
      "use another's account. Ask the visitor, by a form that posts userId and secret to what calls account.createSession()",
  );
}

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
