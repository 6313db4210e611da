// One script for the official SDK and ours: only what `sdk` is differs. It
// returns what a page would use, without what is random.
globalThis.accountScript = async function (sdk, endpoint, project, email) {
  const client = new sdk.Client().setEndpoint(endpoint).setProject(project);
  const account = new sdk.Account(client);
  const failure = (error) => ({
    name: error.name, code: error.code, type: error.type, message: error.message,
    exception: error instanceof sdk.AppwriteException, response: JSON.parse(error.response).type,
  });
  const attempt = (promise) => promise.then((value) => ({ value }), failure);
  const password = "correct horse battery";

  const guest = await attempt(account.get());
  const created = await account.create({ userId: sdk.ID.unique(), email, password, name: "Ada" });
  const twice = await attempt(account.create(sdk.ID.unique(), email, password, "Ada"));
  const wrong = await attempt(account.createEmailPasswordSession({ email, password: "wrong horse battery" }));
  const session = await account.createEmailPasswordSession({ email, password });
  const again = await attempt(account.createEmailPasswordSession(email, password));
  const user = await account.get();
  const { jwt } = await account.createJWT();
  const short = await account.createJWT({ duration: 60 });
  const tooLong = await attempt(account.createJWT({ duration: 4000 }));
  const sessions = await account.listSessions();
  const same = await account.getSession({ sessionId: session.$id });
  const current = await account.getSession("current");
  const missing = await attempt(account.getSession("nosuchsession"));
  let synchronous;
  try {
    await account.createEmailPasswordSession({ email });
  } catch (error) {
    synchronous = { name: error.name, message: error.message };
  }
  const ended = await account.deleteSession({ sessionId: "current" });
  const after = await attempt(account.get());
  const exp = (token) => JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).exp;
  return {
    guest, twice, wrong, again, tooLong, missing, synchronous, ended, after,
    created: [created.email, created.name, created.status, created.labels, created.prefs, created.targets.length],
    session: [session.current, session.provider, session.factors, session.secret, session.userId === created.$id],
    user: [user.$id === created.$id, user.email, Object.keys(user)],
    jwt: [jwt.split(".").length, Math.round((exp(jwt) - exp(short.jwt)) / 60)],
    sessions: [sessions.total, sessions.sessions.length, sessions.sessions[0].current],
    same: [same.$id === session.$id, same.current, current.$id === session.$id],
  };
};
