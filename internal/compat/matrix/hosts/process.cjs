// As process.mjs, by require().
(async () => {
  const { observe } = await import("../observe.mjs");
  const { run } = await import("../run.mjs");
  await fetch("data:,");
  const watch = observe();
  const results = await run(watch, () => require("isojot"), JSON.parse(process.argv[2]));
  watch.print(JSON.stringify(results));
})();
