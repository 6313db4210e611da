/** An answer in JSON. */
export function json(status, value) {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** Finds the entry of a table of [method, pattern, handler] that a request is for, with the pattern's parameters. */
export function route(table, method, path) {
  for (const [verb, pattern, run] of table) {
    const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const match = verb === method && new RegExp(`^${pattern.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(path);
    if (match) return { run, params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1])])) };
  }
  return null;
}

/** An id, where the caller asks for one. */
export function idOf(asked) {
  return asked === "unique()" ? crypto.randomUUID().replaceAll("-", "").slice(0, 20) : asked;
}

/** The queries of a list, parsed. */
export function queriesOf(url) {
  return [...url.searchParams].filter(([name]) => name.startsWith("queries[")).map(([, text]) => JSON.parse(text));
}

/** What the API says of when something was made. */
export function stamps() {
  const now = new Date().toISOString().replace("Z", "+00:00");
  return { $createdAt: now, $updatedAt: now };
}
