import { Suspense } from "react";
import { project, requestClient } from "../lib/isojot";
import { signOut } from "./actions";
import { SignIn } from "./sign-in";
import { Token } from "./token";

/** The page is for whoever the cookie of the request says, or for a guest. */
export default async function Page() {
  const user = await currentUser();
  if (!user) return <SignIn />;
  return (
    <>
      <section className="card">
        <div className="row spread">
          <p>
            Signed in as <strong id="user">{user.email}</strong>
            <Suspense>
              <Sessions />
            </Suspense>
          </p>
          <form action={signOut}>
            <button id="sign-out">Sign out</button>
          </form>
        </div>
      </section>
      <Token key={user.$id} userId={user.$id} project={project} />
    </>
  );
}

// Streamed: the page is there before.
async function Sessions() {
  const { total } = await requestClient().account.listSessions();
  return (
    <>
      , sessions: <span id="sessions">{total}</span>
    </>
  );
}

async function currentUser() {
  try {
    return await requestClient().account.get();
  } catch (error) {
    if (error.code !== 401) throw error;
    return null;
  }
}
