// The ESM build in a process of its own: Node, Bun and Deno. What they load
// for "isojot" is theirs to find. argv[2] is the run's env as JSON; the one
// line that is printed is its results.
import { observe } from "../observe.mjs";
import { run } from "../run.mjs";

await fetch("data:,"); // Node makes a global of its own at the first
const watch = observe();
const results = await run(watch, () => import("isojot"), JSON.parse(process.argv[2]));
watch.print(JSON.stringify(results));
