// As process.mjs, in a worker: there the runtimes of servers have some of the
// names of browsers, too.
const worker = new Worker(new URL("./worker.mjs", import.meta.url).href, { type: "module" });
worker.onmessage = ({ data }) => {
  console.log(data);
  worker.terminate();
};
worker.postMessage(process.argv[2]);
