import { useEffect, useState } from "react";
import { client, name } from "./client.js";

export function Greeting() {
  const [user, setUser] = useState("loading");
  const [count, setCount] = useState(0);

  useEffect(() => {
    client.account.get().catch(({ reason, message }) => setUser(reason === "no-session" ? "nobody" : message));
    return client.onAuthChange(({ type, userId }) => {
      if (type === "signed-in") setUser(userId);
      if (type === "signed-out") setUser("nobody");
    });
  }, [client]);

  return (
    <p>
      <i id="greeting">Hello,</i> <b id="user">{user}</b> by the client <b id="client">{name}</b>
      <button id="sign-in" onClick={() => client.account.createAnonymousSession()}>Sign in</button>
      <button id="count" onClick={async () => setCount(count + ((await client.account.get()).$id === user))}>{count}</button>
    </p>
  );
}
