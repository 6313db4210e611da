"use client";

import { useActionState } from "react";
import { signIn } from "./actions";

/** Works without JavaScript too: the browser then posts the form, and gets the page with the outcome. */
export function SignIn() {
  const [outcome, action, pending] = useActionState(signIn, null);
  return (
    <section className="card">
      <form action={action} aria-busy={pending}>
        <label>
          E-mail <input id="email" name="email" type="email" autoComplete="username" required defaultValue={outcome?.email} />
        </label>
        <label>
          Password <input id="password" name="password" type="password" autoComplete="current-password" minLength={8} required />
        </label>
        {outcome && (
          <p id="problem" className="bad" role="alert">
            {outcome.message}
          </p>
        )}
        <div className="row">
          <button id="sign-in" className="main">
            Sign in
          </button>
          <button id="sign-up" name="intent" value="sign-up">
            Sign up
          </button>
        </div>
      </form>
    </section>
  );
}
