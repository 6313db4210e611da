import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Account } from "../src/api/account.js";
import { AppwriteException } from "../src/shared/exception.js";
import { readArguments } from "../src/api/params.js";
import { operations } from "./support.mjs";

const SIGN_UP = { userId: "u", email: "a@example.com", password: "password" };

const paramsOf = (operation, args) => readArguments(operations[operation], args).params;

function account() {
  const calls = [];
  return Object.assign(new Account({ invoke: async (...call) => calls.push(call) }), { calls });
}

test("both call shapes say the same", () => {
  const both = [
    ["create", [{ ...SIGN_UP, name: "A" }], ["u", "a@example.com", "password", "A"]],
    ["create", [SIGN_UP], ["u", "a@example.com", "password"]],
    ["createEmailPasswordSession", [{ email: "a", password: "b" }], ["a", "b"]],
    ["createJWT", [{ duration: 60 }], [60]],
    ["createJWT", [], [undefined]],
    ["createJWT", [{}], [null]],
    ["getSession", [{ sessionId: "current" }], ["current"]],
    ["deleteSession", [{ sessionId: "s" }], ["s"]],
    ["updatePrefs", [{ prefs: { theme: "dark" } }], [{ theme: "dark" }]],
    ["updatePrefs", [{ prefs: {} }], [{}]],
    ["updatePhone", [{ phone: "+1", password: "p" }], ["+1", "p"]],
    ["updatePassword", [{ password: "p", oldPassword: "o" }], ["p", "o"]],
    ["createSession", [{ userId: "u", secret: "s" }], ["u", "s"]],
  ];
  for (const [method, named, positional] of both) {
    const a = account();
    a[method](...named);
    a[method](...positional);
    assert.deepEqual(a.calls[0], a.calls[1], method);
    assert.equal(a.calls[0][0].name, `account.${method}`);
  }
});

test("falsy values are values", () => {
  assert.deepEqual(paramsOf("account.createJWT", [0]), { duration: 0 });
  assert.deepEqual(paramsOf("account.createJWT", [{ duration: 0 }]), { duration: 0 });
  assert.equal(paramsOf("account.create", [{ ...SIGN_UP, name: "" }]).name, "");
});

test("names that the operation does not have are left out", () => {
  assert.deepEqual(paramsOf("account.get", [{ evil: 1 }]), {});
  assert.deepEqual(paramsOf("account.createJWT", [{ duration: 1, other: 2 }]), { duration: 1 });
});

test("the first missing required parameter is named, at once", () => {
  const cases = [
    ["create", [], "userId"],
    ["create", [{ userId: "u" }], "email"],
    ["create", ["u", "a@example.com"], "password"],
    ["create", [undefined, "a@example.com", "password"], "userId"],
    ["createEmailPasswordSession", [{ password: "p" }], "email"],
    ["createEmailPasswordSession", [{ email: null, password: "p" }], "email"],
    ["getSession", [], "sessionId"],
    ["updatePrefs", [], "prefs"],
    ["updatePrefs", [{ prefs: null }], "prefs"],
  ];
  for (const [method, args, name] of cases) {
    assert.throws(
      () => account()[method](...args),
      (error) => error instanceof AppwriteException && error.message === `Missing required parameter: "${name}"` && error.code === 0,
    );
  }
});

test("every operation of the table has a method and a declaration", () => {
  const types = readFileSync(new URL("../index.d.ts", import.meta.url), "utf8");
  const [declared] = types.match(/export class Account \{[\s\S]*?\n\}/);
  for (const [operation, { params }] of Object.entries(operations)) {
    const [service, method] = operation.split(".");
    if (service !== "account") continue; // the others are written by hand
    assert.equal(typeof Account.prototype[method], "function", method);
    const [signature] = declared.match(new RegExp(`\\n  ${method}[<(][\\s\\S]*?Promise<`)) ?? assert.fail(`${method} is not declared`);
    for (const name of params) assert.match(signature, new RegExp(`\\b${name}\\??:`), `${method} lacks ${name}`);
  }
});
