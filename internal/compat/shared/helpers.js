// One script for the official SDK and ours: only what `sdk` is differs. It
// makes the strings of Query, Permission and Role of all kinds of values, and
// returns each, or that it was refused.
globalThis.helpersScript = function (sdk) {
  const { ID, Permission, Query, Role } = sdk;
  const attempt = (make) => {
    try {
      return make();
    } catch {
      return "refused";
    }
  };
  const text = "a\"b\\c/é\u0000\u001f\u007f\u009f\u00ad\u2028\u2029\ufeff\ufff0\ud83d\ude00\n\t";
  const values = [
    text, "", 0, -0, 1.5, -1e-7, 1e21, NaN, Infinity, true, false, 9007199254740993n, -1n, null, undefined, [], ["a", undefined, () => {}, Symbol("s"), null, 1n],
    [[1, [2, [3]]]], { a: text, u: undefined, f() {}, d: new Date(0), n: { n: [1n] } }, new Date(86_400_000), [NaN, -Infinity], [,], Object.create({ inherited: 1 }),
    { toJSON: (key) => `as ${key}` }, new Map([[1, 2]]), 123456789012345678901234567890n, [new Query("limit", undefined, 1)],
  ];
  const byValue = [
    "equal", "notEqual", "regex", "lessThan", "lessThanEqual", "greaterThan", "greaterThanEqual", "startsWith", "endsWith", "search", "contains",
    "containsAny", "containsAll", "notContains", "notSearch", "notStartsWith", "notEndsWith", "vectorDot", "vectorCosine", "vectorEuclidean",
    "intersects", "notIntersects", "crosses", "notCrosses", "overlaps", "notOverlaps", "touches", "notTouches",
  ];
  const made = {};
  for (const name of byValue) made[name] = values.map((value) => attempt(() => Query[name](text, value)));
  for (const name of ["exists", "notExists", "select", "cursorAfter", "cursorBefore", "limit", "offset", "createdBefore", "createdAfter", "updatedBefore", "updatedAfter"]) {
    made[name] = values.map((value) => attempt(() => Query[name](value)));
  }
  for (const name of ["between", "notBetween"]) made[name] = values.map((value) => Query[name]("a", value, 2n));
  for (const name of ["createdBetween", "updatedBetween"]) made[name] = values.map((value) => Query[name](value, "2026"));
  for (const name of ["distanceEqual", "distanceNotEqual", "distanceGreaterThan", "distanceLessThan"]) {
    made[name] = [Query[name]("a", [1, 2], 3), Query[name]("a", [[1, 2]], 0.5, false), Query[name]("a", undefined, undefined, undefined)];
  }
  for (const name of ["isNull", "isNotNull", "orderDesc", "orderAsc"]) made[name] = [Query[name](text), Query[name](undefined)];
  made.orderRandom = [Query.orderRandom()];

  const parts = [
    Query.equal("a", ["b", 1]), Query.limit(9007199254740993n), Query.equal("big", 123456789012345678901234567890n), Query.equal("f", 0.5), Query.equal("s", text),
    Query.or([Query.isNull("a")]), '{ "method" : "limit", "values": [ 9007199254740991 ] }', '{"x":"9007199254740993","9007199254740993":-9007199254740993}',
  ];
  for (const name of ["or", "and"]) made[name] = [...parts.map((part) => Query[name]([part])), Query[name](parts), Query[name]([])];
  made.elemMatch = [Query.elemMatch("list", parts), Query.elemMatch("list", [])];
  made.refused = ["", "{", "a b"].map((part) => attempt(() => Query.or([part])));

  made.objects = values.map((value) => {
    const query = new Query("equal", "a", value);
    return [String(query), `${query}`, Object.keys(query), query.method, query.attribute];
  });
  made.permission = ["read", "write", "create", "update", "delete"].map((name) => [Permission[name]("any"), Permission[name](text), Permission[name](undefined)]);
  made.role = [
    Role.any(), Role.guests(), Role.users(), Role.users("verified"), Role.users(undefined), Role.user("a"), Role.user("a", "unverified"), Role.user(text, ""),
    Role.team("a"), Role.team("a", "owner"), Role.member("a"), Role.label("a"), Role.label(undefined), Role.user(undefined, null),
  ];
  made.id = [ID.custom("a"), ID.custom(undefined), ID.unique().length, ID.unique(0).length, ID.unique(20).length, /^[0-9a-f]+$/.test(ID.unique())];
  made.enums = ["ExecutionMethod", "ExecutionResourceType", "ExecutionStatus", "ExecutionTrigger"].map((name) => ({ ...sdk[name] }));
  made.members = [Query, Permission, Role].map((helper) => Object.getOwnPropertyNames(helper).filter((name) => !["length", "name", "prototype"].includes(name)).sort());
  return made;
};
