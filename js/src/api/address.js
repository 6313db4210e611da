import { invalidParameter } from "../shared/exception.js";
import { flatten } from "../shared/flatten.js";

/**
 * Gives the URL of an operation whose answer a page shows by itself, such as an
 * image's. What identifies the caller goes by the browser's cookies.
 */
export function content(client, operation, params) {
  const { project, impersonateuserid } = client.config;
  return addressOf(client, operation, { ...params, project, impersonateuserid });
}

/** Sends the page to the operation's URL; where there is no page, returns the URL. */
export function redirect(client, operation, params) {
  const url = addressOf(client, operation, { ...params, project: client.config.project });
  if (typeof window === "undefined" || !window?.location) return url;
  window.location.href = url;
}

function addressOf({ config }, { pattern, params: names }, params) {
  const inPath = (name) => names.includes(name) && pattern.includes(`{${name}}`);
  const path = pattern.split(" ")[1].replace(/{(\w+)}/g, (_, name) => segment(name, String(params[name])));
  const url = new URL(config.endpoint + path);
  const rest = Object.fromEntries(Object.entries(params).filter(([name]) => !inPath(name)));
  for (const [name, value] of Object.entries(flatten(rest))) url.searchParams.append(name, value);
  return url.toString();
}

function segment(name, value) {
  if (value !== "." && value !== "..") return encodeURIComponent(value);
  throw invalidParameter(`${name} cannot be "${value}", which no id is`);
}
