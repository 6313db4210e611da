"use client";

import { useEffect, useRef, useState } from "react";
import { Client } from "isojot";

export function Token({ userId, project }) {
  const client = useRef(null);
  const [shown, setShown] = useState("");
  const [alive, setAlive] = useState(false); // without JavaScript it stays so
  useEffect(() => setAlive(true), []);

  // The server signs people in and out here, so that the client does not see
  // it: it keeps its token no longer than this component is there.
  function account() {
    client.current ??= new Client({ tokenStorage: "none" }).setEndpoint(`${location.origin}/v1`).setProject(project);
    return client.current.account;
  }

  async function callBackend() {
    try {
      const token = await account().getToken();
      if (token.userId !== userId) return location.reload(); // somebody else has signed in
      const answer = await fetch("/api/me", { headers: { authorization: `Bearer ${token.jwt}` } });
      setShown(`${answer.status} ${JSON.stringify(await answer.json(), null, 2)}`);
    } catch (error) {
      setShown([error.message, error.advice].filter(Boolean).join(". "));
    }
  }

  return (
    <section className="card">
      <h2>In the browser</h2>
      <p className="muted">
        Makes a JWT, by the session&apos;s cookie, and calls <code>/api/me</code> with it.
      </p>
      <div>
        <button id="call" className="main" disabled={!alive} onClick={callBackend}>
          Call the back end
        </button>
      </div>
      {shown && (
        <pre id="answer" aria-live="polite">
          {shown}
        </pre>
      )}
    </section>
  );
}
