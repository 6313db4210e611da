/** A text that nobody can guess: digits and hyphens. */
export const newMark = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
