import assert from "node:assert/strict";
import { test } from "node:test";

import * as pages from "../src/pages.js";
import { AppwriteException } from "../src/shared/exception.js";
import { readArguments } from "../src/api/params.js";
import { operations } from "./support.mjs";

const SIGN_UP = { userId: "u", email: "a@example.com", password: "password" };

const paramsOf = (operation, args) => ({ ...readArguments(operations[operation], args).params });

test("an object that may be the first parameter holds it where it has a parameter's name", () => {
  const asked = (args) => paramsOf("account.createIdTokenSession", args);
  assert.deepEqual(asked([{ provider: "p", idToken: "t" }]), { provider: "p", idToken: "t" });
  assert.deepEqual(asked([{ other: 1 }, "t"]), { provider: { other: 1 }, idToken: "t" });
  assert.throws(() => asked([{ idToken: "t" }]), /"provider"/);
  assert.throws(() => paramsOf("account.createEmailToken", [{ other: 1 }, "e"]), /"userId"/, "of a text, no object is one");
});

test("what follows a first parameter that is undefined is taken", () => {
  assert.deepEqual(paramsOf("account.listIdentities", [undefined, false]), { total: false });
});

test("an upload tells of its progress by a function in the object or after the last position", () => {
  const upload = operations["storage.createFile"];
  const onProgress = () => {};
  assert.equal(readArguments(upload, [{ bucketId: "b", fileId: "f", file: 1, onProgress }]).onProgress, onProgress);
  assert.equal(readArguments(upload, ["b", "f", 1, [], "folder", onProgress]).onProgress, onProgress);
});

function account() {
  const calls = [];
  return Object.assign(new pages.Account({ invoke: async (...call) => calls.push(call) }), { calls });
}

test("both call shapes say the same", () => {
  const both = [
    ["create", [{ ...SIGN_UP, name: "A" }], ["u", "a@example.com", "password", "A"]],
    ["create", [SIGN_UP], ["u", "a@example.com", "password"]],
    ["createEmailPasswordSession", [{ email: "a", password: "b" }], ["a", "b"]],
    ["createJWT", [{ duration: 60 }], [60]],
    ["createJWT", [], [undefined]],
    ["createJWT", [{}], []],
    ["createJWT", [{ duration: null }], [null]],
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

test("falsy values are values, null too; undefined is none", () => {
  assert.deepEqual({ ...paramsOf("account.createJWT", [null]) }, { duration: null });
  assert.deepEqual({ ...paramsOf("account.createJWT", [{ duration: null }]) }, { duration: null });
  assert.deepEqual({ ...paramsOf("account.createJWT", [{ duration: undefined }]) }, {});
  assert.deepEqual({ ...paramsOf("account.updatePrefs", [{ prefs: null }]) }, { prefs: null });
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
    ["getSession", [], "sessionId"],
    ["updatePrefs", [], "prefs"],
    ["updatePrefs", [{ prefs: undefined }], "prefs"],
    // What stands in the path can be neither null nor empty: it would be another path.
    ["getSession", [null], "sessionId"],
    ["getSession", [""], "sessionId"],
    ["getSession", [{ sessionId: null }], "sessionId"],
  ];
  for (const [method, args, name] of cases) {
    assert.throws(
      () => account()[method](...args),
      (error) => error instanceof AppwriteException && error.message === `Missing required parameter: "${name}"` && error.code === 0,
    );
  }
});

test("every operation of the table has a method", () => {
  for (const operation of Object.keys(operations)) {
    const [service, method] = operation.split(".");
    assert.equal(typeof pages[service[0].toUpperCase() + service.slice(1)].prototype[method], "function", operation);
  }
});
