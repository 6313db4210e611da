// All of the package's life in one effect, which Strict Mode runs twice.
import { useEffect, useRef, useState } from "react";
import { Client, dispose, init } from "isojot";
import workerURL from "isojot/worker.js?url";
import { endpoint, project } from "./where.js";

const options = new URLSearchParams(location.search).has("worker") ? { worker: true, workerURL } : {};

export function Session() {
  const client = useRef(null);
  const [user, setUser] = useState("loading");

  useEffect(() => {
    globalThis.effects = (globalThis.effects ?? 0) + 1;
    init(options).catch((error) => setUser(error.message));
    const own = new Client().setEndpoint(endpoint).setProject(project);
    const unsubscribe = own.onAuthChange(({ type, userId }) => {
      if (type === "signed-in") setUser(userId);
      if (type === "signed-out") setUser("nobody");
    });
    // The first of Strict Mode's two effects is over before the answer.
    own.account.get().catch(({ reason, type, message }) => type !== "client_disposed" && setUser(reason === "no-session" ? "nobody" : message));
    client.current = own;
    return () => {
      unsubscribe();
      dispose();
    };
  }, []);

  return (
    <p>
      Hello, <b id="user">{user}</b>
      <button id="sign-in" onClick={() => client.current.account.createAnonymousSession()}>Sign in</button>
    </p>
  );
}
