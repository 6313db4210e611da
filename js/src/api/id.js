import { AppwriteException } from "../shared/exception.js";
import { named } from "../shared/named.js";

// What crypto gives at once. (A server takes ids of at most 36 characters, of
// which the timestamp has 13.)
const MAX_PADDING = 65536;

/** Makes ids for new resources. */
export const ID = /* @__PURE__ */ named("ID", class ID {
  /** Returns the id as it is, to say that it was chosen on purpose. */
  static custom(id) {
    return id;
  }

  /**
   * Returns a new id of 13 hexadecimal digits of time followed by `padding`
   * random ones, so that ids sort by their making. What is no number makes
   * none, and a fraction one more, as in the official package.
   */
  static unique(padding = 7) {
    const count = Math.max(0, Math.ceil(Number(padding)) || 0);
    if (count > MAX_PADDING) throw new AppwriteException(`Invalid padding: give ID.unique() a number of at most ${MAX_PADDING}, not ${padding}`);
    return timestamp() + randomDigits(count);
  }
});

// Eight digits of seconds and five of microseconds. The clock ends at
// milliseconds; the three decimals below them are random.
function timestamp() {
  const now = Date.now();
  const [noise] = crypto.getRandomValues(new Uint32Array(1));
  const micros = (now % 1000) * 1000 + (noise % 1000);
  return Math.floor(now / 1000).toString(16).padStart(8, "0") + micros.toString(16).padStart(5, "0");
}

function randomDigits(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(bytes, (byte) => (byte & 15).toString(16)).join("");
}
