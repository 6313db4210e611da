// The package as a user gets it: packed, and installed without a network.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./isojot.mjs";

const run = promisify(execFile);
const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel=error"];

/** Packs and installs it in a folder of its own, which the test or suite `t` owns. */
export async function installPacked(t) {
  const dir = await mkdtemp(join(tmpdir(), "isojot-packed-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", dir, ...QUIET], { cwd: join(root, "js") });
  const tarball = join(dir, JSON.parse(stdout)[0].filename);
  await writeFile(join(dir, "package.json"), '{"private":true}');
  await run("npm", ["install", "--offline", ...QUIET, tarball], { cwd: dir });
  const installed = join(dir, "node_modules", "isojot");
  return new Packed(dir, tarball, installed, JSON.parse(await readFile(join(installed, "package.json"), "utf8")));
}

class Packed {
  constructor(dir, tarball, installed, manifest) {
    Object.assign(this, { dir, tarball, installed, manifest });
  }

  /** The path in the package of what `import` or `require` gets of `subpath` under these conditions. */
  entry(conditions, subpath = ".") {
    let target = this.manifest.exports[subpath];
    while (typeof target !== "string") {
      const found = Object.keys(target).find((condition) => condition === "default" || conditions.includes(condition));
      if (!found) throw new Error(`the package has nothing for ${conditions} at ${subpath}`);
      target = target[found];
    }
    return target.slice("./".length);
  }

  /** Copies a folder of the tests beside the package, so that what is in it finds the package as a user's program does. */
  add(folder, name) {
    return cp(folder, join(this.dir, name), { recursive: true });
  }
}
