// Runs test files one after another, as their arguments name them, and prints
// the table of the runtimes at the end.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = process.stdout.isTTY ? "spec" : "tap";
const reporters = [main, fileURLToPath(new URL("table.mjs", import.meta.url))];
const args = reporters.flatMap((reporter) => [`--test-reporter=${reporter}`, "--test-reporter-destination=stdout"]);
const { status, error } = spawnSync(process.execPath, ["--test", "--test-concurrency=1", ...args, ...process.argv.slice(2)], { stdio: "inherit" });
if (error) throw error;
process.exitCode = status ?? 1; // ended by a signal
