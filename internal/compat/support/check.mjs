// What the compatibility suites assert of answers and refusals.
import assert from "node:assert/strict";

/** The members of each model, in the order of the API. */
const PREFIX = ["$id", "$createdAt", "$updatedAt"];
export const FIELDS = {
  account: [
    ...PREFIX, "name", "registration", "status", "labels", "passwordUpdate", "email", "phone", "emailVerification", "emailCanonical",
    "emailIsFree", "emailIsDisposable", "emailIsCorporate", "emailIsCanonical", "phoneVerification", "mfa", "prefs", "targets",
    "accessedAt", "impersonator", "impersonatorUserId",
  ],
  session: [
    ...PREFIX, "userId", "expire", "provider", "providerUid", "providerAccessToken", "providerAccessTokenExpiry",
    "providerRefreshToken", "ip", "osCode", "osName", "osVersion", "clientType", "clientCode", "clientName", "clientVersion",
    "clientEngine", "clientEngineVersion", "deviceName", "deviceBrand", "deviceModel", "countryCode", "countryName", "current",
    "factors", "secret", "mfaUpdatedAt",
  ],
  token: ["$id", "$createdAt", "userId", "secret", "expire", "phrase"],
  target: [...PREFIX, "name", "userId", "providerId", "providerType", "identifier", "expired"],
};
FIELDS.user = FIELDS.account.toSpliced(4, 0, "password", "hash", "hashOptions");

/** Asserts that the object has the model's members, and of what kind each is. */
export function isModel(model, value) {
  const kinds = { status: "boolean", labels: "array", prefs: "object", targets: "array", factors: "array", current: "boolean", expired: "boolean" };
  const kind = (v) => (Array.isArray(v) ? "array" : typeof v);
  assert.deepEqual(Object.keys(value).sort(), [...FIELDS[model]].sort());
  for (const [name, want] of Object.entries(kinds)) {
    if (name in value) assert.equal(kind(value[name]), want, `${model}.${name}`);
  }
  for (const name of ["$createdAt", "$updatedAt", "registration", "expire"]) {
    if (name in value) assert.match(value[name], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/, `${model}.${name}`);
  }
  return value;
}

/** Asserts that the call is refused with the status, the type and the message. */
export async function refused(call, code, type, message) {
  await assert.rejects(call, (error) => {
    assert.deepEqual([error.code, error.type], [code, type], error.message);
    if (message instanceof RegExp) assert.match(error.message, message);
    else if (message) assert.equal(error.message, message);
    assert.equal(JSON.parse(error.response).version, "1.9.6");
    return true;
  });
}

/** The value as JSON: node-appwrite's objects have no prototype. */
export const plain = (value) => JSON.parse(JSON.stringify(value));

// Messages that the contract fixes (section 3).
export const MESSAGES = {
  credentials: "Invalid credentials. Please check the email and password.",
  exists: "A user with the same id, email, or phone already exists in this project.",
  targetExists: "A target with the same ID already exists.",
  notFound: "User with the requested ID could not be found.",
  noSession: "The current user session could not be found.",
  active: "Creation of a session is prohibited when a session is active.",
  blocked: "The current user has been blocked.",
  token: "Invalid token passed in the request.",
  guest: 'User (role: guests) missing scopes (["account"])',
  password: "Invalid `password` param: Password must be between 8 and 256 characters long.",
  email: "Invalid `email` param: Value must be a valid email address",
};
