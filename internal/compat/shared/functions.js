// One script for the official SDK's Functions and ours: only what `sdk` is
// differs. It executes the function `echo` as whoever the credentials say: a
// user who signs in with an e-mail address, the bearer of a JWT, or a guest. It
// returns all that it was answered.
globalThis.functionsScript = async function (sdk, endpoint, project, { email, jwt }) {
  const client = new sdk.Client().setEndpoint(endpoint).setProject(project);
  const functions = new sdk.Functions(client);
  const failure = (error) => ({ name: error.name, code: error.code, type: error.type, message: error.message, exception: error instanceof sdk.AppwriteException });
  const attempt = (promise) => promise.then((value) => ({ value }), failure);
  const functionId = "echo";
  if (email) await new sdk.Account(client).createEmailPasswordSession({ email, password: "correct horse battery" });
  if (jwt) client.setJWT(jwt);

  const full = { functionId, body: "hello é", async: false, path: "/a/b?c=d", method: "PUT", headers: { "content-type": "text/plain", "x-own": "1" } };
  const created = await functions.createExecution({ ...full, xpath: full.path });
  const plain = await functions.createExecution({ functionId });
  const positional = await functions.createExecution(functionId, "positional", false, "/p", "PATCH", { "x-own": "2" });
  const later = await functions.createExecution({ functionId, body: "later", async: true });
  const refusals = {
    unknown: await attempt(functions.createExecution({ functionId: "nope" })),
    users: await attempt(functions.createExecution({ functionId: "members" })),
    method: await attempt(functions.createExecution({ functionId, method: "TRACE" })),
    header: await attempt(functions.createExecution({ functionId, headers: { "x-appwrite-user-id": "root" } })),
    noExecution: await attempt(functions.getExecution({ functionId, executionId: "nope" })),
  };
  let synchronous;
  try {
    await functions.createExecution();
  } catch (error) {
    synchronous = { name: error.name, message: error.message };
  }
  const reading = attempt(functions.getExecution({ functionId, executionId: created.$id }));
  const listing = attempt(functions.listExecutions({ functionId, queries: [JSON.stringify({ method: "equal", attribute: "requestMethod", values: ["PUT", "PATCH"] })] }));
  const results = { created, plain, positional, later, refusals, synchronous, read: await reading, list: await listing };
  if (!email && !jwt) return results; // guests cannot read

  const minute = 60_000;
  const scheduledAt = new Date((Math.floor(Date.now() / minute) + 10) * minute).toISOString();
  results.scheduled = await functions.createExecution({ functionId, async: true, scheduledAt });
  do {
    await new Promise((resolve) => setTimeout(resolve, 50));
    results.ended = await functions.getExecution({ functionId, executionId: later.$id });
  } while (!["completed", "failed"].includes(results.ended.status));
  return results;
};
