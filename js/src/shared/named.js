/**
 * Names a function or a class as it is exported: so logs and reporters of errors
 * show it. Bundlers and minifiers give it another name.
 */
export function named(name, value) {
  return Object.defineProperty(value, "name", { __proto__: null, value: name, configurable: true });
}
