// One script for the official SDK and ours, and for both shapes of a call: only
// what `sdk` is and `shape` differ. It returns what came of every method that
// takes parameters, without ids, dates and tokens.
globalThis.shapesScript = async function (sdk, shape, endpoint, project, email) {
  const client = new sdk.Client().setEndpoint(endpoint).setProject(project).setLocale("en");
  const [account, graphql] = [new sdk.Account(client), new sdk.Graphql(client)];
  const password = "correct horse battery";
  // One query by position has a `query` of its own, for which the official
  // package takes it: there a list it is.
  const steps = [
    [account, "create", { userId: sdk.ID.unique(), email, password, name: "Ada" }],
    [account, "create", { userId: sdk.ID.custom("taken"), email, password }],
    [account, "createEmailPasswordSession", { email, password: "wrong horse battery" }],
    [account, "createEmailPasswordSession", { email, password }],
    [account, "createJWT", { duration: 60 }],
    [account, "createJWT", {}],
    [account, "createJWT", { duration: 3601 }],
    [account, "updateName", { name: "Ada L." }],
    [account, "updatePrefs", { prefs: { theme: "dark", n: 9007199254740993n, list: [1, null] } }],
    [account, "updatePrefs", { prefs: {} }],
    [account, "updateEmail", { email: `new-${email}`, password }],
    [account, "updatePassword", { password: "another horse battery", oldPassword: password }],
    [account, "updatePassword", { password: "short" }],
    [account, "getSession", { sessionId: "current" }],
    [account, "getSession", { sessionId: "nosuchsession" }],
    [account, "updateSession", { sessionId: "current" }],
    [graphql, "query", { query: [{ query: "{ accountGet { email name } }" }] }],
    [graphql, "mutation", { query: [{ query: "mutation { accountUpdateName(name: \"Eve\") { name } }" }, { query: "{ nope }" }] }],
    [account, "deleteSession", { sessionId: "current" }],
    [account, "createSession", { userId: "nobody", secret: "nosuchtoken" }],
  ];
  const arguments_ = (params) => (shape === "object" ? [params] : Object.values(params));
  const failure = (error) => ({ name: error.name, code: error.code, type: error.type, message: error.message, exception: error instanceof sdk.AppwriteException });
  const results = [];
  for (const [service, method, params] of steps) {
    const result = await service[method](...arguments_(params)).then((value) => ({ value }), failure);
    results.push([method, plain(result)]);
  }
  // Nothing given: for prefs and queries an empty object is something.
  const missing = [];
  for (const [service, method] of steps) {
    try {
      await service[method](...arguments_({}));
      missing.push([method, "nothing is missing"]);
    } catch (error) {
      missing.push([method, error.code === 0 ? failure(error) : error.type]);
    }
  }
  results.push(["ping", plain(await client.ping())]);
  return { results, missing };

  // Without what is random, and as JSON has it but for BigInts.
  function plain(value, name = "") {
    if (typeof value === "bigint") return `${value}n`;
    if (["jwt", "email", "identifier", "emailCanonical", "providerUid"].includes(name) || /^\$|Id$|At$|^expire$|^registration$|^passwordUpdate$/.test(name)) return typeof value;
    if (Array.isArray(value)) return value.map((one) => plain(one));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one, key)]));
    return value;
  }
};
