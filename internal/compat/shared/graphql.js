// One script for the official SDK's Graphql and ours: only what `sdk` is
// differs. It signs up, in and out by GraphQL alone, and returns what a page
// would use, without what is random.
globalThis.graphqlScript = async function (sdk, endpoint, project, email) {
  const client = new sdk.Client().setEndpoint(endpoint).setProject(project);
  const [graphql, account] = [new sdk.Graphql(client), new sdk.Account(client)];
  const failure = (error) => ({ name: error.name, code: error.code, type: error.type, message: error.message, exception: error instanceof sdk.AppwriteException });
  const attempt = (promise) => promise.then((value) => ({ value }), failure);
  const query = (query, variables, operationName) => graphql.query({ query: { query, variables, operationName } });
  const mutation = (query, variables) => graphql.mutation({ query: { query, variables } });
  const password = "correct horse battery";

  const guest = await query("{ accountGet { _id } }");
  const created = await mutation(
    "mutation($u: String!, $e: String!, $p: String!) { accountCreate(userId: $u, email: $e, password: $p, name: \"Ada\") { _id name email status } }",
    { u: sdk.ID.unique(), e: email, p: password },
  );
  const wrong = await mutation("mutation($e: String!) { accountCreateEmailPasswordSession(email: $e, password: \"wrong horse\") { _id } }", { e: email });
  const session = await mutation(
    "mutation($e: String!, $p: String!) { accountCreateEmailPasswordSession(email: $e, password: $p) { _id userId provider current factors } }",
    { e: email, p: password },
  );
  const again = await mutation("mutation { accountCreateAnonymousSession { _id } }");

  // The session that GraphQL made is the page's: REST and GraphQL agree.
  const saved = await mutation("mutation($p: Assoc!) { accountUpdatePrefs(prefs: $p) { prefs { data } } }", { p: { theme: "dark", deep: [1, null, { a: "b" }] } });
  const user = await account.get();
  const fields = Object.keys(user).filter((name) => !["prefs", "targets"].includes(name));
  const escaped = (name) => name.replace("$", "_");
  const targets = Object.keys(user.targets[0]).map(escaped).join(" ");
  const asked = await query(`{ accountGet { ${fields.map(escaped).join(" ")} prefs { data } targets { ${targets} } } }`);
  const rename = (object) => Object.fromEntries(Object.entries(object).map(([name, value]) => [escaped(name), value]));
  const wanted = { ...rename(user), prefs: { data: JSON.stringify(user.prefs) }, targets: user.targets.map(rename) };
  const sessions = await account.listSessions();
  const list = await query(`{ accountListSessions { total sessions { ${Object.keys(sessions.sessions[0]).map(escaped).join(" ")} } } }`);
  const current = await query("query a { localeGet { eu } } query b($id: String!) { accountGetSession(sessionId: $id) { current } }", { id: "current" }, "b");

  const tokens = await mutation(`mutation { ${Array.from({ length: 11 }, (_, i) => `t${i}: accountCreateJWT { jwt }`).join(" ")} }`);
  const { jwt } = tokens.data.t0;
  const byREST = await attempt(account.createJWT());

  const batch = await graphql.query({ query: [{ query: "{ accountGet { email } }" }, { query: "{ nope }" }, { query: "{ localeGet { country } }" }] });
  const single = await graphql.query([{ query: "{ accountGet { email } }" }]);
  const tooMany = await attempt(graphql.mutation({ query: Array(11).fill({ query: "{ localeGet { eu } }" }) }));
  const nothing = await attempt(graphql.query({ query: {} }));
  const tooDeep = await query(`{ accountListSessions ${"{ sessions ".repeat(4)} { ip } ${"}".repeat(5)}`);
  const tooMuch = await query(`{ ${"localeGet { eu } ".repeat(126)} }`);
  const introspected = await query("{ __type(name: \"Jwt\") { name fields { name type { name } } } }");
  let synchronous;
  try {
    await graphql.query();
  } catch (error) {
    synchronous = { name: error.name, message: error.message };
  }
  const ended = await mutation("mutation { accountDeleteSession(sessionId: \"current\") { status } }");
  const after = await attempt(account.get());
  return {
    guest, wrong, again, saved, current, byREST, batch, single, tooMany, nothing, tooDeep, tooMuch, introspected, synchronous, ended, after,
    created: [created.data.accountCreate.name, created.data.accountCreate.email, created.errors],
    session: [session.data.accountCreateEmailPasswordSession.current, session.data.accountCreateEmailPasswordSession.userId === user.$id],
    same: [asked.data.accountGet, wanted].map((o) => JSON.stringify(Object.keys(o).sort().map((name) => [name, o[name]]))),
    sessions: [list.data.accountListSessions, { total: sessions.total, sessions: sessions.sessions.map(rename) }].map((o) => JSON.stringify(o)),
    tokens: [Object.values(tokens.data).filter((t) => t?.jwt.split(".").length === 3).length, tokens.errors],
    jwt,
  };
};
