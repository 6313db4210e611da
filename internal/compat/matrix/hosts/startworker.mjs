// A page that does nothing but start the worker.
const worker = new Worker("/matrix/hosts/web.mjs", { type: "module" });
worker.onerror = ({ message }) => fetch("/results", { method: "POST", body: JSON.stringify([{ name: "the worker", error: message || "it could not be loaded" }]) });
