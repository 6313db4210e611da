// Every operation of the services Account and Teams, as the people of an app come
// by them: with real mails, text messages and codes of authenticators. It runs in
// pages and in Node, by the official packages and by ours; `tools` say how there:
//
//   url                 where links of mails lead
//   client()            a client of nobody, or of whom the page's cookies are
//   enter(make)         signs in by what make(account) does; resolves with the client
//   leave()             the end of that
//   nextMail(to), nextText(to)   the next message to an address or number
//   totp(secret)        a code of an authenticator that was not taken yet
//   byJWT(jwt)          a client by a JWT, for programs
//   atProvider(url, email)   goes to the URL as a browser does, and signs in there; for programs
//   cookies             whether clients share the cookies of a page
//
// Returns what each call that succeeded was answered with, in order.
async function routesScript(sdk, tools, run = String(Math.random()).slice(2, 10)) {
  const calls = [];
  const recorded = (service, client) => recording(service, new sdk[service](client), calls);
  const context = {
    sdk, tools, run, calls, password: "correct horse battery",
    account: (client) => recorded("Account", client),
    teams: (client) => recorded("Teams", client),
    enter: (make) => tools.enter((client) => make(recorded("Account", client))),
    address: (name) => `${name}-${run}@example.com`,
    number: (last) => `+4930${run.slice(0, 7)}${last}`,
    expectType: (call, type) => expectType(call, type),
  };
  for (const part of [accountRoutes, sessionRoutes, verificationRoutes, phoneRoutes, recoveryRoutes, linkRoutes, providerRoutes, teamRoutes, targetRoutes]) await part(context);
  for (const name of ["MFA", "Mfa"]) await factorRoutes(context, name);
  await endRoutes(context);
  return calls;
}

// The service, but that it writes down what its calls are answered with.
function recording(service, target, calls) {
  return new Proxy(target, {
    get(of, name) {
      if (typeof of[name] !== "function") return of[name];
      return async (...args) => {
        const value = await of[name](...args);
        calls.push({ operation: `${service}.${name}`, value: value === undefined ? null : JSON.parse(JSON.stringify(value)) });
        return value;
      };
    },
  });
}

async function expectType(call, type) {
  const error = await call.then(() => undefined, (error) => error);
  if (error?.type !== type) throw new Error(`expected ${type}, not ${error ? `${error.type}: ${error.message}` : "success"}`);
}

function expectEqual(got, want, what) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${what}: ${a}, not ${b}`);
}

/** The parameters userId and secret of a mail's link, and all others. */
const linkOf = (mail) => Object.fromEntries(new URL(mail.links[0]).searchParams);

/** A new user with that address, signed in. */
async function newcomer({ tools, account, enter, sdk, password }, email, name = "Ada") {
  await tools.leave();
  await account(tools.client()).create({ userId: sdk.ID.unique(), email, password, name });
  return enter((as) => as.createEmailPasswordSession({ email, password }));
}

async function accountRoutes(context) {
  const { account, address, tools, password } = context;
  const client = await newcomer(context, address("first"));
  const as = account(client);
  const user = await as.get();
  expectEqual([user.email, user.name, user.mfa], [address("first"), "Ada", false], "the account");
  expectEqual(Object.keys(await as.getPrefs()), [], "no preferences");
  await as.updatePrefs({ prefs: { theme: "dark" } });
  expectEqual((await as.getPrefs()).theme, "dark", "preferences");
  expectEqual((await as.updateName({ name: "Ada L." })).name, "Ada L.", "the name");
  expectEqual((await as.updateEmail({ email: address("second"), password })).email, address("second"), "the address");
  await as.updatePassword({ password: "another horse battery", oldPassword: password });
  await context.expectType(as.updatePassword({ password: "a third horse battery", oldPassword: password }), "user_invalid_credentials");
  const { jwt } = await as.createJWT({ duration: 60 });
  if (tools.byJWT) await jwtRoutes(context, tools.byJWT(jwt), user.$id);
}

// What a backend does with a user's JWT.
async function jwtRoutes({ account, teams }, client, userId) {
  const as = account(client);
  expectEqual((await as.get()).$id, userId, "the JWT's user");
  expectEqual((await as.updatePrefs({ prefs: { by: "jwt" } })).prefs.by, "jwt", "preferences by JWT");
  expectEqual((await as.listSessions()).sessions[0].userId, userId, "the JWT's session");
  expectEqual((await teams(client).list()).total, 0, "teams by JWT");
}

async function sessionRoutes(context) {
  const { account, address, enter, tools, password } = context;
  const email = address("sessions");
  await newcomer(context, email);
  await tools.leave(true); // the session stays
  const as = account(await enter((guest) => guest.createEmailPasswordSession({ email, password })));
  const { total, sessions } = await as.listSessions();
  expectEqual([total, sessions.filter(({ current }) => current).length], [2, 1], "sessions");
  const [other] = sessions.filter(({ current }) => !current);
  expectEqual((await as.getSession({ sessionId: other.$id })).$id, other.$id, "another session");
  await as.updateSession({ sessionId: "current" });
  await as.deleteSession({ sessionId: other.$id });
  expectEqual((await as.listSessions()).total, 1, "sessions after one has ended");
  await as.deleteSessions();
  await context.expectType(as.get(), "general_unauthorized_scope");
  await tools.leave();
  const anonymous = account(await enter((guest) => guest.createAnonymousSession()));
  expectEqual((await anonymous.get()).email, "", "nobody's address");
}

async function verificationRoutes(context) {
  const { account, address, tools } = context;
  for (const name of ["EmailVerification", "Verification"]) {
    const email = address(name.toLowerCase());
    const as = account(await newcomer(context, email));
    await as[`create${name}`]({ url: tools.url });
    const link = linkOf(await tools.nextMail(email));
    await context.expectType(as[`update${name}`]({ userId: link.userId, secret: "wrong" }), "user_invalid_token");
    await as[`update${name}`](link);
    expectEqual((await as.get()).emailVerification, true, "the address is verified");
    await context.expectType(as[`update${name}`](link), "user_invalid_token");
  }
}

async function phoneRoutes(context) {
  const { account, address, number, tools, sdk, enter, password } = context;
  const as = account(await newcomer(context, address("phone")));
  const phone = number(1);
  const user = await as.updatePhone({ phone, password });
  expectEqual([user.phone, user.phoneVerification], [phone, false], "the number");
  await as.createPhoneVerification();
  await as.updatePhoneVerification({ userId: user.$id, secret: (await tools.nextText(phone)).codes[0] });
  expectEqual((await as.get()).phoneVerification, true, "the number is verified");
  await tools.leave();
  for (const [last, method] of [[2, "createSession"], [3, "updatePhoneSession"]]) {
    const token = await account(tools.client()).createPhoneToken({ userId: sdk.ID.unique(), phone: number(last) });
    const secret = (await tools.nextText(number(last))).codes[0];
    const caller = account(await enter((guest) => guest[method]({ userId: token.userId, secret })));
    expectEqual((await caller.get()).phoneVerification, true, `a number is verified by ${method}`);
    await tools.leave();
  }
}

async function recoveryRoutes(context) {
  const { account, address, enter, tools } = context;
  const email = address("recovery");
  await newcomer(context, email);
  await tools.leave();
  const guest = account(tools.client());
  await guest.createRecovery({ email, url: tools.url });
  const link = linkOf(await tools.nextMail(email));
  await guest.updateRecovery({ userId: link.userId, secret: link.secret, password: "recovered horse" });
  await context.expectType(guest.updateRecovery({ userId: link.userId, secret: link.secret, password: "stolen horse" }), "user_invalid_token");
  const as = account(await enter((guest) => guest.createEmailPasswordSession({ email, password: "recovered horse" })));
  expectEqual((await as.get()).email, email, "who has recovered");
}

async function linkRoutes({ account, address, enter, tools, sdk }) {
  for (const method of ["createSession", "updateMagicURLSession"]) {
    await tools.leave();
    const email = address(method.toLowerCase());
    const token = await account(tools.client()).createMagicURLToken({ userId: sdk.ID.unique(), email, url: tools.url, phrase: true });
    const mail = await tools.nextMail(email);
    if (!token.phrase || !mail.text.includes(token.phrase)) throw new Error(`the mail lacks the phrase ${token.phrase}`);
    const { userId, secret } = linkOf(mail);
    const as = account(await enter((guest) => guest[method]({ userId, secret })));
    expectEqual((await as.get()).emailVerification, true, `an address is verified by ${method}`);
  }
  await tools.leave();
  const email = address("code");
  const { userId } = await account(tools.client()).createEmailToken({ userId: sdk.ID.unique(), email });
  const secret = (await tools.nextMail(email)).codes[0];
  const as = account(await enter((guest) => guest.createSession({ userId, secret })));
  expectEqual((await as.getSession({ sessionId: "current" })).factors, ["email"], "the factors of a code");
}

// Pages leave for the provider: their tests do it.
async function providerRoutes({ account, address, enter, tools }) {
  if (!tools.atProvider) return;
  const email = address("provider");
  const url = await account(tools.client()).createOAuth2Token({ provider: "dev", success: tools.url, failure: `${tools.url}/failed` });
  const { userId, secret } = await tools.atProvider(url, email);
  const as = account(await enter((guest) => guest.createSession({ userId, secret })));
  const { total, identities } = await as.listIdentities();
  expectEqual([total, identities[0].provider, identities[0].providerEmail], [1, "dev", email], "identities");
  await as.deleteIdentity({ identityId: identities[0].$id });
  expectEqual((await as.listIdentities()).total, 0, "identities after one was deleted");
}

async function teamRoutes(context) {
  const { account, teams, address, tools, sdk } = context;
  const email = address("member");
  const owner = await newcomer(context, address("owner"), "Owner");
  const as = teams(owner);
  const team = await as.create({ teamId: sdk.ID.unique(), name: "Engine", roles: ["owner", "editor"] });
  const teamId = team.$id;
  expectEqual((await as.list()).total, 1, "teams");
  expectEqual((await as.get({ teamId })).name, "Engine", "a team");
  expectEqual((await as.updateName({ teamId, name: "Analytical Engine" })).name, "Analytical Engine", "a team's name");
  await as.updatePrefs({ teamId, prefs: { colour: "brass" } });
  expectEqual((await as.getPrefs({ teamId })).colour, "brass", "a team's preferences");
  const invited = await as.createMembership({ teamId, roles: ["editor"], email, name: "Member", url: tools.url });
  expectEqual(invited.confirm, false, "who is invited is no member");
  const link = linkOf(await tools.nextMail(email));
  await tools.leave(true);
  // Who accepts is signed in by that, and where it is a page that goes on so.
  const guest = tools.client();
  const accepted = await teams(guest).updateMembershipStatus(link);
  expectEqual([accepted.confirm, accepted.userEmail === "" || accepted.userEmail === email], [true, true], "who accepts is a member");
  if (tools.cookies) expectEqual((await account(guest).get()).email, email, "who has accepted");
  await tools.leave();
  const again = await context.enter((guest) => guest.createEmailPasswordSession({ email: address("owner"), password: context.password }));
  const here = teams(again);
  expectEqual((await here.listMemberships({ teamId })).total, 2, "members");
  const { membershipId } = link;
  expectEqual((await here.getMembership({ teamId, membershipId })).roles, ["editor"], "a member's roles");
  expectEqual((await here.updateMembership({ teamId, membershipId, roles: ["viewer"] })).roles, ["viewer"], "a member's new roles");
  await here.deleteMembership({ teamId, membershipId });
  expectEqual((await here.get({ teamId })).total, 1, "members after one has left");
  await here.delete({ teamId });
  await context.expectType(here.get({ teamId }), "team_not_found");
}

// Only npm appwrite has these.
async function targetRoutes(context) {
  const { account, address, sdk } = context;
  const as = account(await newcomer(context, address("push")));
  if (!as.createPushTarget) return;
  const { $id: targetId } = await as.createPushTarget({ targetId: sdk.ID.unique(), identifier: `device-${context.run}` });
  expectEqual((await as.updatePushTarget({ targetId, identifier: `other-${context.run}` })).identifier, `other-${context.run}`, "a target");
  await as.deletePushTarget({ targetId });
}

// `name` is MFA or, as the packages once had it, Mfa.
async function factorRoutes(context, name) {
  const { account, address, enter, tools, password } = context;
  const email = address(`factors-${name === "MFA" ? 1 : 2}`);
  const as = account(await newcomer(context, email));
  const type = "totp";
  const { secret } = await as[`create${name}Authenticator`]({ type });
  await as[`update${name}Authenticator`]({ type, otp: await tools.totp(secret) });
  const codes = (await as[`create${name}RecoveryCodes`]()).recoveryCodes;
  await as.updateMFA({ mfa: true });
  await tools.leave();

  // The password alone is not enough now.
  const second = account(await enter((guest) => guest.createEmailPasswordSession({ email, password })));
  await context.expectType(second.get(), "user_more_factors_required");
  const factors = await second[`list${name}Factors`]();
  expectEqual([factors.totp, factors.recoveryCode, factors.phone], [true, true, false], "factors");
  const { $id: challengeId } = await second[`create${name}Challenge`]({ factor: type });
  const otp = await tools.totp(secret);
  await second[`update${name}Challenge`]({ challengeId, otp });
  expectEqual((await second.get()).email, email, "who has shown two factors");
  expectEqual((await second[`get${name}RecoveryCodes`]()).recoveryCodes, codes, "recovery codes");
  const fresh = (await second[`update${name}RecoveryCodes`]()).recoveryCodes;
  if (fresh.some((code) => codes.includes(code))) throw new Error("the new recovery codes are the old ones");
  await tools.leave();

  // One of the codes, in the place of the authenticator that is lost.
  const third = account(await enter((guest) => guest.createEmailPasswordSession({ email, password })));
  const lost = await third[`create${name}Challenge`]({ factor: "recoverycode" });
  await third[`update${name}Challenge`]({ challengeId: lost.$id, otp: fresh[0] });
  await third[`delete${name}Authenticator`]({ type });
  expectEqual((await third.updateMFA({ mfa: false })).mfa, false, "second factors are off");
}

// The last calls of accounts.
async function endRoutes(context) {
  const { account, address, tools } = context;
  const blocked = account(await newcomer(context, address("blocked")));
  expectEqual((await blocked.updateStatus()).status, false, "who has blocked oneself");
  await tools.leave();
  const gone = account(await newcomer(context, address("gone")));
  if (!("delete" in gone)) return; // the official packages have it not
  await gone.delete();
  await context.expectType(gone.get(), "general_unauthorized_scope");
}
