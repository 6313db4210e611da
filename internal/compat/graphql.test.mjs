// One script by GraphQL, two SDKs: the official appwrite 28 and ours.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { project, root, startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";
import { KEY } from "./support/suite.mjs";

const require = createRequire(import.meta.url);

/** The types of an answer's errors. */
const types = ({ errors }) => errors?.map(({ extensions }) => `${extensions.code} ${extensions.type}`);

test("in Chromium, both do by GraphQL what REST does", async (t) => {
  const isojot = await startIsojot(t);
  const pages = await startPages(t, {
    "/official.html": html("/official/sdk.js", "/shared/graphql.js"),
    "/ours.html": html("/sdk/isojot.js", "/shared/graphql.js"),
  });
  const browser = await startChromium(t);
  const results = {};
  for (const [name, global] of [["official", "Appwrite"], ["ours", "isojot"]]) {
    const page = await newPage(browser);
    await page.goto(`${pages}/${name}.html`);
    results[name] = await page.evaluate(
      ([global, ...args]) => graphqlScript(globalThis[global], ...args),
      [global, isojot.endpoint, project, `${name}@example.com`],
    );
    await page.context().close();
  }
  const { ours, official } = results;
  assert.deepEqual(anonymised(ours, "ours"), anonymised(official, "official"));
  checkResults(ours);
});

/** What is the same for both but for what is each user's own. */
function anonymised({ same, sessions, jwt, ...rest }, name) {
  assert.equal(same[0], same[1]);
  assert.equal(sessions[0], sessions[1]);
  assert.equal(jwt.split(".").length, 3);
  return JSON.parse(JSON.stringify(rest).replaceAll(`${name}@`, "someone@"));
}

function checkResults(r) {
  for (const [name, want] of Object.entries({
    guest: ["401 general_unauthorized_scope"], wrong: ["401 user_invalid_credentials"], again: ["401 user_session_already_exists"],
    tooDeep: ["400 general_argument_invalid"], tooMuch: ["400 general_argument_invalid"], saved: undefined, ended: undefined, current: undefined,
  })) {
    assert.deepEqual(types(r[name]), want, name);
  }
  assert.match(r.tooDeep.errors[0].message, /Max query depth should be 3 but got 4/);
  assert.match(r.tooMuch.errors[0].message, /Max query complexity should be 250 but got 252/);
  assert.deepEqual(r.guest.data, { accountGet: null });
  assert.deepEqual(r.saved.data.accountUpdatePrefs.prefs, { data: '{"theme":"dark","deep":[1,null,{"a":"b"}]}' });
  assert.deepEqual(r.session, [true, true]);
  assert.equal(r.tokens[0], 10);
  assert.deepEqual(types({ errors: r.tokens[1] }), ["429 general_rate_limit_exceeded"]);
  assert.deepEqual(r.tokens[1][0].path, ["t10"]);
  assert.deepEqual([r.byREST.code, r.byREST.type], [429, "general_rate_limit_exceeded"]);
  assert.deepEqual([r.tooMany.code, r.tooMany.type, r.tooMany.exception], [400, "graphql_too_many_queries", true]);
  assert.deepEqual([r.nothing.code, r.nothing.type, r.nothing.exception], [400, "graphql_no_query", true]);
  assert.deepEqual(r.batch.map((one) => [!!one.data, types(one)]), [[true, undefined], [false, ["400 general_argument_invalid"]], [true, undefined]]);
  assert.equal(r.single.data.accountGet.email.endsWith("@example.com"), true);
  assert.deepEqual(r.introspected.data.__type, { name: "Jwt", fields: [{ name: "jwt", type: { name: "String" } }] });
  assert.equal(r.ended.data, undefined); // 204
  assert.equal(r.after.type, "general_unauthorized_scope");
}

test("in Node, by session and by JWT", async (t) => {
  const isojot = await startIsojot(t);
  const user = await seed(isojot);
  for (const sdk of [require("appwrite"), require(`${root}js/dist/isojot.cjs`)]) {
    const client = () => new sdk.Client().setEndpoint(isojot.endpoint).setProject(project);
    const bySession = new sdk.Graphql(client().setSession(user.session));
    const made = await bySession.mutation({ query: { query: "mutation { accountCreateJWT(duration: 60) { jwt } }" } });
    const byJWT = new sdk.Graphql(client().setJWT(made.data.accountCreateJWT.jwt));
    const answer = await byJWT.query({ query: { query: "{ accountGet { _id } }" } });
    assert.equal(JSON.stringify(answer), JSON.stringify({ data: { accountGet: { _id: user.id } } }));
    const refused = await byJWT.mutation({ query: { query: "mutation { accountCreateJWT { jwt } }" } });
    assert.deepEqual([refused.data.accountCreateJWT, types(refused)], [null, ["403 user_jwt_creation_denied"]]);
    await assert.rejects(new sdk.Graphql(client().setJWT("a.b.c")).query({ query: { query: "{ accountGet { _id } }" } }), { code: 401, type: "user_jwt_invalid" });
  }
});

/** Signs a user up and in by GraphQL over plain HTTP, the session read from Set-Cookie. */
async function seed(isojot) {
  const ask = (query) => fetch(`${isojot.endpoint}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Appwrite-Project": project },
    body: JSON.stringify({ query }),
  });
  await ask('mutation { accountCreate(userId: "ada", email: "ada@example.com", password: "correct horse battery") { _id } }');
  const answer = await ask('mutation { accountCreateEmailPasswordSession(email: "ada@example.com", password: "correct horse battery") { userId } }');
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(`a_session_${project}=`));
  const { data } = await answer.json();
  return { id: data.accountCreateEmailPasswordSession.userId, session: decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1, cookie.indexOf(";"))) };
}

test("node-appwrite runs queries by API key", async (t) => {
  const isojot = await startIsojot(t, { args: ["--api-key", KEY] });
  const { Client, Graphql } = require("node-appwrite");
  const graphql = new Graphql(new Client().setEndpoint(isojot.endpoint).setProject(project).setKey(KEY));
  const made = await graphql.mutation({
    query: { query: 'mutation { usersCreate(userId: "bob", email: "bob@example.com") { _id } usersUpdateLabels(userId: "bob", labels: ["vip"]) { labels } usersCreateToken(userId: "bob") { secret } }' },
  });
  assert.deepEqual([made.errors, made.data.usersUpdateLabels.labels, made.data.usersCreateToken.secret.length], [undefined, ["vip"], 6]);
  const list = await graphql.query({ query: { query: "query($q: [String]) { usersList(queries: $q) { total users { _id labels } } }", variables: { q: ['{"method":"limit","values":[1]}'] } } });
  assert.equal(JSON.stringify(list.data.usersList), JSON.stringify({ total: 1, users: [{ _id: "bob", labels: ["vip"] }] }));
});
