// The shapes of answers: the models of the official packages, by which fields are
// there and of what types each is.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { root } from "./isojot.mjs";

const run = promisify(execFile);

/** What `go run ./internal/gen -list` says of "page", "server" or "models". */
export async function generated(list) {
  const { stdout } = await run("go", ["run", "./internal/gen", "-list", list], { cwd: root, maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}

/** The models as a package has them, "page" or "server". */
export async function modelsOf(pkg) {
  const { models, enums } = await generated("models");
  const named = (all) => new Map(all.filter((one) => one[pkg]).map((one) => [one.name, one]));
  return new Models(named(models), named(enums));
}

class Models {
  #models;
  #enums;

  constructor(models, enums) {
    this.#models = models;
    this.#enums = enums;
  }

  /**
   * Asserts that a value is of a TypeScript type: models have all fields but the
   * optional ones, which Appwrite answers with null too, and no others. `odd` are fields, as "Model.field", that Appwrite 1.9.6
   * answers with and the package has not (beyond), or the reverse (without).
   */
  check(type, value, where, odd = {}) {
    const ors = type.split(" | ");
    if (ors.length > 1) {
      const failures = ors.map((one) => failureOf(() => this.check(one, value, where, odd)));
      assert.ok(failures.includes(undefined), `${where}: ${failures.map(String).join("; ")}`);
      return;
    }
    if (type.endsWith("[]")) {
      assert.ok(Array.isArray(value), `${where} must be a list, not ${JSON.stringify(value)}`);
      value.forEach((one, i) => this.check(type.slice(0, -2), one, `${where}[${i}]`, odd));
      return;
    }
    const name = type.replace(/<.*>$/, "");
    const model = this.#models.get(name);
    if (name === "Preferences") checkPlain("object", value, where); // whatever they are
    else if (model) this.#checkModel(model, value, where, odd);
    else if (this.#enums.has(name)) assert.ok(this.#enums.get(name).values.includes(value), `${where} must be a ${name}, not ${JSON.stringify(value)}`);
    else checkPlain(name, value, where);
  }

  #checkModel(model, value, where, odd) {
    checkPlain("object", value, where);
    const fields = [model.name, ...(model.is ?? [])].flatMap((name) => this.#models.get(name).fields);
    for (const { name, type, optional } of fields) {
      const field = `${where}.${name}`;
      if (name in value && !(optional && value[name] === null)) this.check(type, value[name], field, odd);
      else assert.ok(optional || (odd.without ?? []).includes(`${model.name}.${name}`), `${field} is missing`);
    }
    if (model.index) return;
    const known = new Set(fields.map(({ name }) => name));
    assert.deepEqual(Object.keys(value).filter((name) => !known.has(name) && !(odd.beyond ?? []).includes(`${model.name}.${name}`)), [], `${where} has what a ${model.name} has not`);
  }
}

function checkPlain(type, value, where) {
  const is = {
    string: () => typeof value === "string",
    number: () => typeof value === "number",
    boolean: () => typeof value === "boolean",
    null: () => value === null,
    object: () => typeof value === "object" && value !== null && !Array.isArray(value),
  };
  assert.ok(Object.hasOwn(is, type), `${where}: no test knows the type ${type}`);
  assert.ok(is[type](), `${where} must be of the type ${type}, not ${JSON.stringify(value)}`);
}

function failureOf(check) {
  try {
    check();
  } catch (error) {
    return error;
  }
}
