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
  const renamed = await account.updateName({ name: "Ada L." });
  const nameless = await attempt(account.updateName(""));
  const noPrefs = await account.getPrefs();
  const prefs = await account.updatePrefs({ prefs: { theme: "dark", deep: { list: [1, "2", null] } } });
  const kept = await account.getPrefs();
  const badPrefs = await attempt(account.updatePrefs({ prefs: [1] }));
  const moved = await account.updateEmail({ email: `new-${email}`, password });
  const wrongPassword = await attempt(account.updateEmail({ email, password: "wrong horse battery" }));
  const changed = await account.updatePassword({ password: "another horse battery", oldPassword: password });
  const wrongOld = await attempt(account.updatePassword("yet another battery", "wrong horse battery"));
  const extended = await account.updateSession({ sessionId: "current" });
  const ended = await account.deleteSession({ sessionId: "current" });
  const after = await attempt(account.get());

  const badToken = await attempt(account.createSession({ userId: created.$id, secret: "nosuchtoken" }));
  const anonymous = await account.createAnonymousSession();
  const anonymousUser = await account.get();
  const allEnded = await account.deleteSessions();
  await account.createEmailPasswordSession({ email: `new-${email}`, password: "another horse battery" });
  const blocked = await account.updateStatus();
  const refused = await attempt(account.createEmailPasswordSession({ email: `new-${email}`, password: "another horse battery" }));
  const exp = (token) => JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).exp;
  return {
    guest, twice, wrong, again, tooLong, missing, synchronous, ended, after,
    nameless, noPrefs, kept, badPrefs, wrongPassword, wrongOld, badToken, allEnded, refused,
    renamed: [renamed.name, renamed.$id === created.$id],
    prefs: prefs.prefs,
    moved: [moved.email, moved.emailVerification],
    changed: changed.$id === created.$id,
    extended: [extended.$id === session.$id, extended.expire >= session.expire, Object.keys(extended)],
    anonymous: [anonymous.provider, anonymousUser.email, anonymousUser.$id === anonymous.userId],
    blocked: [blocked.status, blocked.$id === created.$id],
    created: [created.email, created.name, created.status, created.labels, created.prefs, created.targets.length],
    session: [session.current, session.provider, session.factors, session.secret, session.userId === created.$id],
    user: [user.$id === created.$id, user.email, Object.keys(user)],
    jwt: [jwt.split(".").length, Math.round((exp(jwt) - exp(short.jwt)) / 60)],
    sessions: [sessions.total, sessions.sessions.length, sessions.sessions[0].current],
    same: [same.$id === session.$id, same.current, current.$id === session.$id],
  };
};
