// Goes before the worker's own script, of which it tells what it leaves in the
// worker's global scope, and which it has trap when it is told to. While the
// worker lives it holds a lock, which pages can see.
{
  const before = new Set(Reflect.ownKeys(globalThis));
  const lines = [];
  const rejections = [];
  const globals = () => Reflect.ownKeys(globalThis).filter((name) => !before.has(name)).map(String);
  for (const name of ["debug", "log", "info", "warn", "error", "trace"]) console[name] = (...args) => void lines.push(`${name}: ${args.join(" ")}`);
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    rejections.push(String(event.reason));
  });
  navigator.locks.request(`worker ${Math.random()}`, () => new Promise(() => {}));

  // A module whose one function traps, as a defect of a program does.
  const TRAP = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x74, 0, 0, 10, 5, 1, 3, 0, 0, 0x0b];
  const orders = {
    seen: () => postMessage({ seen: { globals: globals(), lines, rejections } }),
    leave: () => {
      globalThis.isojotControl = 1;
      console.debug("isojotControl");
      Promise.reject(new Error("isojotControl"));
    },
    trap: () => {
      const { t } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(...TRAP))).exports;
      performance.now = () => { delete performance.now; t(); };
    },
  };
  addEventListener("message", (event) => {
    if (!Object.hasOwn(orders, event.data)) return;
    event.stopImmediatePropagation();
    orders[event.data]();
  });
}
