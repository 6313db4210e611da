// What the app asks of the server: accounts, teams, rows of a table, files of a bucket.
import { Account, Client, ID, Permission, Query, Role, Storage, TablesDB, Teams } from "./sdk.js";

const NOTES = { databaseId: "app", tableId: "notes" };
const PICTURES = { bucketId: "pictures" };

const client = new Client().setEndpoint(`${location.origin}/v1`).setProject("demo");
const account = new Account(client);
const teams = new Teams(client);
const tables = new TablesDB(client);
const storage = new Storage(client);

/** The user who is signed in, or null. */
export async function currentUser() {
  try {
    return await account.get();
  } catch (error) {
    if (error.code === 401) return null;
    throw error;
  }
}

export async function signUp(email, password) {
  await account.create({ userId: ID.unique(), email, password });
  await signIn(email, password);
}

export async function signIn(email, password) {
  await account.createEmailPasswordSession({ email, password });
}

export async function signOut() {
  await account.deleteSession({ sessionId: "current" });
}

export async function listTeams() {
  return (await teams.list({ queries: [Query.orderAsc("name")] })).teams;
}

export async function foundTeam(name) {
  return teams.create({ teamId: ID.unique(), name, roles: ["owner"] });
}

export async function listNotes() {
  const queries = [Query.equal("done", [false]), Query.orderDesc("$createdAt"), Query.limit(25)];
  return (await tables.listRows({ ...NOTES, queries })).rows;
}

export async function writeNote(text, userId) {
  const permissions = [Permission.read(Role.users()), Permission.update(Role.user(userId)), Permission.delete(Role.user(userId))];
  return tables.createRow({ ...NOTES, rowId: ID.unique(), data: { text, done: false }, permissions });
}

export async function finishNote(rowId) {
  return tables.updateRow({ ...NOTES, rowId, data: { done: true } });
}

export async function deleteNote(rowId) {
  await tables.deleteRow({ ...NOTES, rowId });
}

export async function listPictures() {
  return (await storage.listFiles({ ...PICTURES, queries: [Query.limit(12)] })).files;
}

export async function uploadPicture(file, onProgress) {
  return storage.createFile({ ...PICTURES, fileId: ID.unique(), file, permissions: [Permission.read(Role.users())], onProgress });
}

/** The address of a small picture of the file. */
export function previewOf(fileId) {
  return storage.getFilePreview({ ...PICTURES, fileId, width: 256, height: 256 });
}
