// createServerClient(): the tokens that the requests of a session share.
import assert from "node:assert/strict";
import { test } from "node:test";

import { NAME, answers, guest, jar, refused, setUp } from "./serversupport.mjs";
import { TOKEN, deferred } from "./support.mjs";

// Answers tokens of the session they are asked for, and pushes them as Go does.
function tokenSetUp(options) {
  const asked = [];
  const token = async ({ config, force, handle }) => {
    asked.push([config.session, force]);
    const made = { ...TOKEN, jwt: `jwt of ${config.jwt || config.session} ${asked.length}` };
    handle.notify("token", { generation: config.generation, ...made, freshFor: 60_000, liveFor: 120_000 });
    return made;
  };
  return { ...setUp({ token, answer: answers, ...options }), asked };
}

test("requests of one session share its token; those of others have their own", async () => {
  const { make, asked, programs } = tokenSetUp();
  const jwts = [];
  for (const session of ["a", "b", "a", "b", "a"]) {
    const client = make(jar(session));
    jwts.push((await client.account.getToken()).jwt);
    assert.equal(client.account.peekToken().jwt, jwts.at(-1));
    client.close();
  }
  assert.deepEqual(jwts, ["jwt of a 1", "jwt of b 2", "jwt of a 1", "jwt of b 2", "jwt of a 1"]);
  assert.deepEqual([asked.length, programs[0].handles.length], [2, 2]);
  await make(jar("a"), { token: { duration: 60 } }).account.getToken();
  await make(jar("a"), { project: "other", cookies: "a_session_other=a" }).account.getToken();
  await make(jar("a")).account.getToken({ forceRefresh: true });
  assert.deepEqual(asked.slice(2), [["a", false], ["a", false], ["a", true]]);
});

test("a guest's token, and that of a client with a JWT, are shared with nobody", async () => {
  const { make, asked } = tokenSetUp();
  for (const more of [{ jwt: "x.y.z" }, { jwt: "x.y.w" }]) {
    const { account } = make(jar("a"), more);
    assert.match((await account.getToken()).jwt, new RegExp(more.jwt));
    assert.equal(account.peekToken(), await account.getToken());
  }
  await make(jar("a")).account.getToken();
  await Promise.all([make(jar()), make(jar())].map(({ account }) => account.getToken()));
  assert.equal(asked.length, 5);
});

test("a request that ends early does not end the making of the token for the others", async () => {
  const arrived = deferred();
  const { make, programs } = setUp({ token: () => arrived.promise });
  const [one, two] = [make(jar("a")), make(jar("a"))];
  const calls = [one.account.getToken(), two.account.getToken()];
  while (programs[0]?.handles[0]?.calls.length !== 2) await new Promise(setImmediate);
  one.close();
  await assert.rejects(calls[0], refused("client_closed"));
  arrived.resolve(TOKEN);
  assert.deepEqual(await calls[1], TOKEN);
  assert.equal(programs[0].handles[0].closed, false);
});

test("a sign-out ends the token for all requests of the session, also one that is made or being made meanwhile", async () => {
  const answered = deferred();
  const { make, asked, programs } = tokenSetUp({ answer: (call) => answered.promise.then(() => answers(call)) });
  const [one, two] = [make(jar("a")), make(jar("a"))];
  await one.account.getToken();
  const out = two.account.deleteSession("current");
  await new Promise(setImmediate);
  assert.deepEqual([one.account.peekToken(), programs[0].handles[0].closed], [null, true]);
  await one.account.getToken();
  assert.notEqual(one.account.peekToken(), null);
  answered.resolve();
  await out;
  assert.deepEqual([one.account.peekToken(), asked.length], [null, 2]);

  for (const settle of ["resolve", "reject"]) {
    const arrived = deferred();
    const late = setUp({ token: () => arrived.promise, answer: answers });
    const waiting = late.make(jar("a")).account.getToken();
    while (!late.programs[0]?.handles.length) await new Promise(setImmediate);
    await late.make(jar("a")).account.deleteSessions();
    arrived[settle](TOKEN);
    await assert.rejects(waiting, (error) => refused("client_session_changed")(error) && error.reason === "session-ended");
  }
});

test("ending a session of another device keeps the token, once it is known whose it is", async () => {
  const { make, asked } = tokenSetUp({ answer: async () => ({ json: false, text: "" }) });
  const { account } = make(jar("a"));
  await account.getToken();
  await account.deleteSession("another");
  await account.getToken();
  assert.equal(asked.length, 1);
  await account.deleteSession(TOKEN.sessionId);
  await account.getToken();
  assert.equal(asked.length, 2);
});

test("a session that has ended elsewhere loses its token", async () => {
  const { make, asked } = tokenSetUp({ answer: () => Promise.reject(guest("guests")) });
  const { account } = make(jar("a"));
  await account.getToken();
  await assert.rejects(account.get());
  await account.getToken();
  assert.equal(asked.length, 2);
});

test("the tokens of a thousand sessions are kept, of those asked for last; one that is waited for stays open", async () => {
  const first = deferred();
  const { make, programs } = setUp({ token: ({ config }) => (config.session === "s0" ? first.promise : Promise.resolve(TOKEN)) });
  const ask = (i) => make(`${NAME}=s${i}`).account.getToken();
  const waiting = ask(0);
  for (let i = 1; i <= 1000; i++) await ask(i);
  await ask(1);
  await ask(1001);
  const { handles } = programs[0];
  assert.deepEqual([handles.length, handles[0].closed, handles[1].closed, handles[2].closed], [1002, false, false, true]);
  first.resolve(TOKEN);
  assert.deepEqual(await waiting, TOKEN);
  assert.equal(handles.filter(({ closed }) => !closed).length, 1000);
});

test("where requests are kept apart none waits for another's token, and all have the last that was made", async () => {
  const arrived = [deferred(), deferred()];
  let made = 0;
  const { make, programs } = setUp({
    apart: true,
    token: async ({ config, handle }) => {
      const token = await arrived[made++].promise;
      handle.notify("token", { generation: config.generation, ...token, freshFor: 60_000, liveFor: 120_000 });
      return token;
    },
  });
  const [left, stayed] = [make(jar("a")), make(jar("a"))];
  const calls = [left.account.getToken(), stayed.account.getToken()];
  while (made < 2) await new Promise(setImmediate);
  arrived[1].resolve({ ...TOKEN, jwt: "the second" });
  assert.equal((await calls[1]).jwt, "the second");
  assert.equal((await make(jar("a")).account.getToken()).jwt, "the second");
  arrived[0].resolve({ ...TOKEN, jwt: "the first" });
  assert.equal((await calls[0]).jwt, "the first");
  assert.equal((await make(jar("a")).account.getToken()).jwt, "the first");
  assert.deepEqual([made, programs[0].handles.map(({ closed }) => closed)], [2, [false, true]]);
});

test("where requests are kept apart a token that could not be made leaves no handle", async () => {
  const { make, programs } = setUp({ apart: true, token: () => Promise.reject(guest("guests")) });
  for (let i = 0; i < 3; i++) await assert.rejects(make(jar("a")).account.getToken());
  assert.deepEqual(programs[0].handles.map(({ closed }) => closed), [true, true, true]);
});
