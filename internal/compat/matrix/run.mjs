// One run of the checks, with what is watched around them. The hosts begin to
// watch, and call this.
import { checks as behaviour } from "./behaviour.mjs";
import { runChecks } from "./world.mjs";

/**
 * Loads the package by `load` and resolves with the results of its checks and
 * of those of the runtime around it. `env.globals` names what the build may
 * leave on the global object. `checks` is another list than the usual one.
 */
export async function run(watch, load, env, checks = behaviour) {
  const sdk = await load();
  const imported = await watch.seen();
  const results = await runChecks(sdk, env, checks);
  await sdk.dispose();
  const { globals, lines, rejections } = await watch.seen();
  const missed = await watch.control();
  return [
    { name: "the import writes and adds nothing", error: differ([imported.globals, imported.lines, imported.rejections], [env.globals, [], []]) },
    ...results,
    { name: "no global is added, replaced or removed", error: differ(globals, env.globals) },
    { name: "nothing is written to the console", error: differ(lines, []) },
    { name: "no rejection is unhandled", error: differ(rejections, []) },
    { name: "each of these would have been seen", error: differ(missed, []) },
  ];
}

/** The error for what was seen, or undefined. */
export function differ(got, want) {
  const [is, shouldBe] = [JSON.stringify(got), JSON.stringify(want)];
  return is === shouldBe ? undefined : `${is} instead of ${shouldBe}`;
}
