// The operations of accounts and teams that this version has not, and why.
const consents = "this server is no provider of OAuth 2, and so nobody consents to apps";
const installations = "apps of a marketplace are Appwrite Cloud's";
const variants = "Appwrite 1.9.6 has not the variant by code";
const idTokens = "Appwrite 1.9.6 has it not";
const logs = "Appwrite 1.9.6 has not the routes of logs";

const both = {
  "Account.listConsents": consents, "Account.getConsent": consents, "Account.deleteConsent": consents,
  "Account.listConsentTokens": consents, "Account.getConsentToken": consents, "Account.deleteConsentToken": consents,
  "Teams.listInstallations": installations, "Teams.createInstallation": installations, "Teams.getInstallation": installations,
  "Teams.updateInstallation": installations, "Teams.deleteInstallation": installations,
};

export const ABSENT = {
  server: { ...both, "Account.listLogs": logs, "Users.listLogs": logs },
  page: {
    ...both,
    "Account.createRecoveryOTP": variants, "Account.updateRecoveryOTP": variants,
    "Account.createEmailVerificationOTP": variants, "Account.updateEmailVerificationOTP": variants,
    "Account.createIdTokenSession": idTokens,
  },
};
