import { newMark } from "../shared/mark.js";

let header;

/**
 * The header that a client's calls carry after setSelfSigned(true), which fetchOver()
 * takes off. Its name is a secret: a server may pass on the headers of whoever asks it.
 */
export const trusting = () => (header ??= `x-isojot-${newMark()}`);
