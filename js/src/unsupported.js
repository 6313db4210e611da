import { failure } from "./exception.js";

/**
 * What the official package has and this one does not cover, by class; a name
 * that begins with "static " is of the class itself. Each is there and throws,
 * so that a program whose import was changed learns which call it was.
 */
export const unsupported = {
  account: [
    "listConsents", "getConsent", "deleteConsent", "listConsentTokens", "getConsentToken", "deleteConsentToken",
    "listIdentities", "deleteIdentity",
    "updateMFA", "createMfaAuthenticator", "createMFAAuthenticator", "updateMfaAuthenticator", "updateMFAAuthenticator",
    "deleteMfaAuthenticator", "deleteMFAAuthenticator", "createMfaChallenge", "createMFAChallenge", "updateMfaChallenge",
    "updateMFAChallenge", "listMfaFactors", "listMFAFactors", "getMfaRecoveryCodes", "getMFARecoveryCodes", "createMfaRecoveryCodes",
    "createMFARecoveryCodes", "updateMfaRecoveryCodes", "updateMFARecoveryCodes",
    "updatePhone", "createRecovery", "updateRecovery", "createRecoveryOTP", "updateRecoveryOTP",
    "createIdTokenSession", "updateMagicURLSession", "createOAuth2Session", "updatePhoneSession",
    "createPushTarget", "updatePushTarget", "deletePushTarget",
    "createEmailToken", "createMagicURLToken", "createOAuth2Token", "createPhoneToken",
    "createEmailVerification", "createVerification", "updateEmailVerification", "updateVerification", "createEmailVerificationOTP",
    "updateEmailVerificationOTP", "createPhoneVerification", "updatePhoneVerification",
  ],
  client: [
    "setEndpointRealtime", "setBearer", "setCookie", "setImpersonateUserId", "setImpersonateUserEmail", "setImpersonateUserPhone",
    "subscribe", "prepareRequest", "chunkedUpload", "call", "static flatten",
  ],
};

/** Gives a class the methods of that part of the list. */
export function refuseUnsupported(Class, part) {
  for (const entry of unsupported[part]) {
    const name = entry.replace("static ", "");
    const value = () => {
      throw failure("client_unsupported", `${part}.${name}() is not in isojot, which covers accounts, sessions and JWTs: use the appwrite package for it`);
    };
    Object.defineProperty(name === entry ? Class.prototype : Class, name, { value, writable: true, configurable: true });
  }
}
