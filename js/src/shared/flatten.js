/** Writes lists out, as queries have them: { a: [b, [c]] } as { "a[0]": b, "a[1][0]": c }. */
export function flatten(data, prefix = "") {
  const entries = Object.entries(data).map(([key, value]) => [prefix ? `${prefix}[${key}]` : key, value]);
  return Object.assign({}, ...entries.map(([key, value]) => (Array.isArray(value) ? flatten(value, key) : { [key]: value })));
}
