// Mails by a real SMTP server, npm's smtp-server, with TLS and a password, which
// is killed and started again while they come; what they are is read by npm's
// mailparser.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { simpleParser } from "mailparser";
import { generate } from "selfsigned";
import { SMTPServer } from "smtp-server";
import { freePort, root, startIsojot } from "./support/isojot.mjs";

const run = promisify(execFile);
const program = join(root, "bin", "putmessages");
const account = { user: "post@shop.example", pass: "pass:word with%special characters" };

let certificate;

before(async () => {
  await run("go", ["build", "-o", program, "./internal/compat/putmessages"], { cwd: root });
  certificate = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    algorithm: "sha256", keySize: 2048, days: 1,
    extensions: [{ name: "basicConstraints", cA: true }, { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
});

/** A mail server that can be killed; `t` is the test that owns it. */
class Mails {
  /** What it has taken, by Message-ID: how often, and the newest text of it. */
  taken = new Map();
  /** What it was told that was not right. */
  faults = [];
  #server;
  #waiting = [];
  #told = new Set();
  /** Called with the number of mails begun; what it gives back is waited for. */
  onMail = () => {};
  begun = 0;

  constructor(t, port, options) {
    this.port = port;
    this.options = options;
    t.after(() => this.kill());
  }

  async start() {
    this.#server = new SMTPServer({
      key: certificate.private, cert: certificate.cert, authMethods: ["PLAIN"], disableReverseLookup: true, closeTimeout: 1, ...this.options,
      onAuth: ({ username, password }, session, done) => {
        if (!session.secure) this.faults.push("a password without TLS");
        if (username === account.user && password === account.pass) return done(null, { user: username });
        this.faults.push(`signing in by ${username}`);
        done(new Error("wrong password"));
      },
      onData: async (stream, session, done) => {
        if (!session.secure || !session.user) this.faults.push("a mail without TLS or password");
        const chunks = [];
        try {
          for await (const chunk of stream) chunks.push(chunk);
        } catch {
          return; // cut off by the kill: no whole mail, and nobody to answer
        }
        await this.onMail(++this.begun);
        const text = Buffer.concat(chunks).toString();
        const id = /^Message-ID: <([^@]+)@/im.exec(text)[1];
        const envelope = structuredClone(session.envelope);
        done(null, "OK"); // of a killed server, this goes nowhere
        if (session.killed) return;
        this.#told.add(session.id);
        this.taken.set(id, { times: (this.taken.get(id)?.times ?? 0) + 1, text, envelope });
        for (const look of this.#waiting) look();
      },
      // Who goes on, or away, has heard that its mail was taken.
      onMailFrom: (_, session, done) => {
        this.#told.delete(session.id);
        done();
      },
      onClose: (session) => this.#told.delete(session.id),
      onConnect: (session, done) => {
        this.sessions.add(session);
        done();
      },
    });
    this.sessions = new Set();
    this.#server.on("error", () => {}); // connections that break are what this is about
    this.#server.listen(this.port, "127.0.0.1");
    await once(this.#server.server, "listening");
  }

  /** Breaks all connections at once, as a crash would. */
  async kill() {
    for (const session of this.sessions) session.killed = true;
    for (const connection of this.#server.connections) connection._socket.destroy();
    if (this.#server.server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves when all whose mails it has taken have heard so: it cannot tell which have, once it is killed. */
  heard() {
    return until(() => this.#told.size === 0);
  }

  /** Resolves when it has taken so many. */
  reached(count) {
    return new Promise((resolve) => {
      const look = () => this.taken.size >= count && resolve();
      this.#waiting.push(look);
      look();
    });
  }
}

/** isojot that sends to it. */
async function sendTo(t, mails, scheme) {
  const folder = await mkdtemp(join(tmpdir(), "isojot-mails-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "ca.pem"), certificate.cert);
  await writeFile(join(folder, "password"), `${account.pass}\n`, { mode: 0o600 });
  process.env.SSL_CERT_FILE = join(folder, "ca.pem");
  return startIsojot(t, {
    args: [
      "--smtp-url", `${scheme}://${encodeURIComponent(account.user)}@127.0.0.1:${mails.port}${scheme === "smtp" ? "?tls=required" : ""}`,
      "--smtp-password-file", join(folder, "password"), "--mail-from", "Shop <noreply@shop.example>",
    ],
  });
}

/** Puts messages into the outbox of a server that runs. */
async function put(isojot, count, to) {
  const { stdout } = await run(program, [isojot.data, String(count), to]);
  return stdout.trim().split("\n");
}

for (const [scheme, options] of [["smtps", { secure: true }], ["smtp", {}]]) {
  test(`${scheme}: a mail, as a mail program reads it`, async (t) => {
    const mails = new Mails(t, await freePort(), options);
    await mails.start();
    const isojot = await sendTo(t, mails, scheme);
    const [id] = await put(isojot, 1, "ann@example.com");
    await mails.reached(1);
    const { text, times, envelope } = mails.taken.get(id);
    const mail = await simpleParser(text);
    assert.equal(times, 1);
    assert.equal(envelope.mailFrom.address, "noreply@shop.example");
    assert.deepEqual(envelope.rcptTo.map((to) => to.address), ["ann@example.com"]);
    assert.deepEqual(mail.from.value, [{ name: "Shop", address: "noreply@shop.example" }]);
    assert.deepEqual(mail.replyTo.value, [{ name: "", address: "help@shop.example" }]);
    assert.deepEqual(mail.to.value, [{ name: "Änn O'Neill", address: "ann@example.com" }]);
    assert.equal(mail.subject, "Kennwort zurücksetzen für Ännchen");
    assert.equal(mail.text.trim(), `Grüße: https://shop.example/?secret=${id}`);
    assert.equal(mail.html.trim(), `<p>Grüße: <a href="https://shop.example/?secret=${id}">hier</a></p>`);
    assert.equal(mail.messageId, `<${id}@shop.example>`);
    assert.equal(mail.headers.get("x-mailer"), "isojot");
    assert.equal(mail.attachments.length, 0);
    assert.deepEqual(mails.faults, []);
    assert.ok(!isojot.output.includes("secret=") && !isojot.output.includes(account.pass), isojot.output);
  });
}

test("killed and started again while they come: every mail once, none lost", async (t) => {
  const count = 120;
  const mails = new Mails(t, await freePort(), { secure: true });
  await mails.start();
  const isojot = await sendTo(t, mails, "smtps");
  // It dies while it has mails that it has not said it took, three times.
  let kills = 0;
  let killed = Promise.resolve();
  mails.onMail = (begun) => {
    if (begun !== 20 && begun !== 50 && begun !== 80) return killed; // no more is taken until then
    kills++;
    killed = mails.heard().then(() => mails.kill()).then(() => mails.start());
    return killed;
  };
  const ids = await put(isojot, count, "ann@example.com");
  // Those that it was killed over wait ten seconds of the server's clock.
  const moved = setInterval(() => isojot.advance("5s"), 500);
  t.after(() => clearInterval(moved));
  await mails.reached(count);
  clearInterval(moved);
  assert.equal(kills, 3);
  assert.deepEqual([...mails.taken.keys()].sort(), ids.sort());
  assert.deepEqual([...mails.taken.values()].map((mail) => mail.times).filter((times) => times !== 1), []);
  assert.deepEqual(mails.faults, []);
});

test("a wrong certificate or password: nothing is said, nothing is lost", async (t) => {
  const mails = new Mails(t, await freePort(), { secure: true });
  await mails.start();
  const isojot = await sendTo(t, mails, "smtps");
  await put(isojot, 1, "ann@example.com");
  await mails.reached(1);
  // Another authority's certificate.
  const trusted = certificate;
  certificate = await generate([{ name: "commonName", value: "127.0.0.1" }], { algorithm: "sha256", keySize: 2048, days: 1 });
  await mails.kill();
  await mails.start();
  const ids = await put(isojot, 1, "ann@example.com");
  await until(() => /could not be sent/.test(isojot.output) && /certificate/.test(isojot.output));
  assert.equal(mails.taken.size, 1);
  certificate = trusted;
  await mails.kill();
  const right = account.pass;
  account.pass = "another";
  await mails.start();
  await until(() => mails.faults.length > 0);
  assert.equal(mails.taken.size, 1);
  account.pass = right;
  const moved = setInterval(() => isojot.advance("5s"), 500);
  t.after(() => clearInterval(moved));
  await mails.reached(2);
  clearInterval(moved);
  assert.equal(mails.taken.get(ids[0]).times, 1);
  assert.ok(!isojot.output.includes(right));
});

/** Resolves when it holds. */
async function until(holds) {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
