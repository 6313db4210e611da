// The packed package in the runtimes that are large to have: the same checks
// as in ../matrix.test.mjs.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { matrixSuite, runProcess } from "../support/matrix.mjs";

const shared = matrixSuite();
const program = (name) => join(fileURLToPath(new URL(".", import.meta.url)), "node_modules", ".bin", name);
const version = (name) => /\d[\w.-]*/.exec(execFileSync(program(name), ["--version"], { encoding: "utf8" }))[0];

test("Bun, ESM", (t) => runProcess(t, shared, "Bun ESM", version("bun"), program("bun"), [], "process.mjs"));
test("Bun, CommonJS", (t) => runProcess(t, shared, "Bun CommonJS", version("bun"), program("bun"), [], "process.cjs"));
test("Bun, a worker", (t) => runProcess(t, shared, "Bun worker", version("bun"), program("bun"), [], "processworker.mjs"));

// It asks for no permission beyond what Node has without asking.
test("Deno", (t) => runProcess(t, shared, "Deno", version("deno"), program("deno"), ["run", "--quiet", "--allow-all"], "process.mjs"));
test("Deno, a worker", (t) => runProcess(t, shared, "Deno worker", version("deno"), program("deno"), ["run", "--quiet", "--allow-all"], "processworker.mjs"));
