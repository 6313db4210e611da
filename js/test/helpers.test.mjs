// Channel, Operator, Query, Permission and Role. That they make what the official
// ones make is held by internal/compat/helpers.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { Channel } from "../src/api/channel.js";
import { Condition } from "../src/api/condition.js";
import { Operator } from "../src/api/operator.js";
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

test("operators are JSON", () => {
  assert.equal(Operator.increment(), '{"method":"increment","values":[1]}');
  assert.equal(Operator.divide(2, 0.5), '{"method":"divide","values":[2,0.5]}');
  assert.equal(Operator.arrayFilter(Condition.IsNotNull), '{"method":"arrayFilter","values":["isNotNull",null]}');
  assert.equal(Operator.dateSetNow(), '{"method":"dateSetNow","values":[]}');
});

test("numbers that are none, and a divisor of zero, are refused by name", () => {
  const refused = (make, message) => assert.throws(make, { name: "Error", message });
  refused(() => Operator.power(NaN), "Exponent cannot be NaN or Infinity");
  refused(() => Operator.decrement(1, -Infinity), "Min cannot be NaN or Infinity");
  refused(() => Operator.multiply(), "Factor cannot be NaN or Infinity");
  refused(() => Operator.modulo(0), "Divisor cannot be zero");
  refused(() => Operator.divide(0, NaN), "Min cannot be NaN or Infinity");
});

test("channels are names with dots between", () => {
  assert.equal(String(Channel.database("shop").collection("orders").document("1").update()), "databases.shop.collections.orders.documents.1.update");
  assert.equal(String(Channel.tablesdb(" shop ").table("orders").row()), "tablesdb.shop.tables.orders.rows");
  assert.equal(Channel.account(), "account");
});

test("a channel that another is made of stays as it is", () => {
  const bucket = Channel.bucket("photos");
  assert.equal(`${bucket.file("a").create()} ${bucket.file()} ${bucket}`, "buckets.photos.files.a.create buckets.photos.files buckets.photos");
});

test("a channel of no id is refused", () => {
  for (const id of [undefined, null, "", " \n"]) assert.throws(() => Channel.team(id), { name: "Error", message: "Channel ID is required" });
  assert.throws(() => Channel.bucket("photos").file(null), { message: "Channel ID is required" });
});
