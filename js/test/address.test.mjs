import assert from "node:assert/strict";
import { test } from "node:test";

import { Account, Avatars, Storage } from "../src/pages.js";
import { AppwriteException } from "../src/shared/exception.js";
import { Client } from "./support.mjs";

const newClient = () => new Client({}).setEndpoint("https://api.test/v1").setProject("p&q");

test("what a page shows by itself has a URL, which is made at once", () => {
  const storage = new Storage(newClient().setImpersonateUserId("u"));
  assert.equal(storage.getFileView("b/c", "é"), "https://api.test/v1/storage/buckets/b%2Fc/files/%C3%A9/view?project=p%26q&impersonateuserid=u");
  const preview = storage.getFilePreview({ bucketId: "b", fileId: "f", width: 10, height: undefined, background: null });
  assert.equal(preview, "https://api.test/v1/storage/buckets/b/files/f/preview?width=10&background=null&project=p%26q&impersonateuserid=u");
  const shot = new Avatars(newClient()).getScreenshot({ url: "https://a.test/?b=c", permissions: ["camera", "microphone"] });
  assert.deepEqual([...new URL(shot).searchParams].slice(0, 3), [["url", "https://a.test/?b=c"], ["permissions[0]", "camera"], ["permissions[1]", "microphone"]]);
});

test("an id that would lead elsewhere is refused", () => {
  const storage = new Storage(newClient());
  for (const id of [".", "..", "", null, undefined]) {
    assert.throws(() => storage.getFileView("b", id), (error) => error instanceof AppwriteException && /fileId/.test(error.message), String(id));
  }
});

test("a page is sent to the provider of OAuth2, and what is no page gets the URL", (t) => {
  const account = new Account(newClient());
  const url = "https://api.test/v1/account/sessions/oauth2/github?success=s&scopes%5B0%5D=a&project=p%26q";
  assert.equal(account.createOAuth2Session({ provider: "github", success: "s", scopes: ["a"] }), url);
  globalThis.window = { location: { href: "https://app.test/" } };
  t.after(() => delete globalThis.window);
  assert.equal(account.createOAuth2Session("github", "s", undefined, ["a"]), undefined);
  assert.equal(window.location.href, url);
  account.createOAuth2Token("github");
  assert.equal(window.location.href, "https://api.test/v1/account/tokens/oauth2/github?project=p%26q");
});
