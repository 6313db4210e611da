// Asks for one token, does with the client what the argument says, and comes
// to its last line: nothing here ends the process. It prints when that was.
import { Client } from "../../../js/dist/isojot.node.mjs";

const { ENDPOINT, PROJECT, SESSION } = process.env;
const client = new Client().setEndpoint(ENDPOINT).setProject(PROJECT).setSession(SESSION);
const changes = [];

const ways = {
  async nothing() {},
  async subscribed() {
    await new Promise((resolve) => client.onAuthChange(resolve));
  },
  async unsubscribed() {
    const unsubscribe = await new Promise((resolve) => {
      const stop = client.onAuthChange((change) => (changes.push(change.type), resolve(stop)));
    });
    unsubscribe();
  },
  async aborted() {
    const controller = new AbortController();
    const call = client.account.get({ signal: controller.signal });
    controller.abort();
    await call.catch((error) => changes.push(error.name));
  },
};

const { jwt } = await client.account.getToken();
await ways[process.argv[2]]();
console.log(JSON.stringify({ jwt, held: client.account.peekToken()?.jwt, changes, at: Date.now() }));
