// Query, Permission and Role. That they make what the official ones make is
// held by internal/compat/helpers.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { Permission } from "../src/api/permission.js";
import { Query } from "../src/api/query.js";
import { Role } from "../src/api/role.js";

test("queries are JSON", () => {
  assert.equal(Query.equal("email", "ada@example.com"), '{"method":"equal","attribute":"email","values":["ada@example.com"]}');
  assert.equal(Query.limit(9007199254740993n), '{"method":"limit","values":[9007199254740993]}');
  assert.equal(Query.or([Query.isNull("a"), Query.limit(1)]), '{"method":"or","values":[{"method":"isNull","attribute":"a"},{"method":"limit","values":[1]}]}');
});

test("parts that are no queries are refused, with the fix", () => {
  for (const bad of ["status", undefined, ""]) {
    assert.throws(() => Query.and([bad]), (error) => error instanceof AppwriteException && /Query\.and\(\) takes queries that Query made/.test(error.message));
  }
});

test("permissions hold a role each", () => {
  assert.equal(Permission.read(Role.user("ada", "verified")), 'read("user:ada/verified")');
  assert.equal(Permission.delete(Role.team("crew", "owner")), 'delete("team:crew/owner")');
});
