// Compiled, never run, as same.ts: the package for servers beside node-appwrite.
import type * as theirs from "node-appwrite";
import type { InputFile } from "node-appwrite/file";
import type * as ours from "isojot";
import {
  holds, type DifferentClass, type DifferentEnums, type DifferentMembers, type DifferentModels, type DifferentServices, type DifferentSetters,
  type DifferentStatics, type None, type Only, type Same, type Statics,
} from "./compare";
import type { Models } from "./models.server.gen";

// Every class, and every method of it, but for what only we have, or only the
// official package for pages. Graphql takes and gives more, and uploads take more:
// see below.
holds<
  Only<
    DifferentServices<typeof ours, typeof theirs>,
    | "Account.delete" | "Account.getToken" | "Account.peekToken" | "Graphql.query" | "Graphql.mutation" | InPages | Uploads
  >
>();
type InPages =
  | "Account.createEmailVerificationOTP" | "Account.createIdTokenSession" | "Account.createOAuth2Session" | "Account.createPushTarget"
  | "Account.createRecoveryOTP" | "Account.deletePushTarget" | "Account.updateEmailVerificationOTP" | "Account.updatePushTarget"
  | "Account.updateRecoveryOTP" | "Avatars.getPhoto" | "DocumentsDB" | "VectorsDB";
type Uploads = "Functions.createDeployment" | "Sites.createDeployment" | "Storage.createFile";
type OfModule = "default" | "Models"; // that of CommonJS, and a namespace of types which is also a value there
holds<None<Exclude<keyof typeof theirs, keyof typeof ours | OfModule>>>();
holds<None<DifferentEnums<typeof ours, Omit<typeof theirs, OfModule>>>>();
holds<None<DifferentModels<Models>>>();

// Setters give back the client, whichever it is, and take the same.
holds<None<DifferentSetters<ours.Client, theirs.Client>>>();
holds<None<DifferentStatics<typeof ours.Client, typeof theirs.Client>>>();
type ClientMethods = "call" | "redirect" | "chunkedUpload" | "headers" | "getHeaders";
holds<None<DifferentMembers<Pick<ours.Client, ClientMethods>, Pick<theirs.Client, ClientMethods>>>>();
// The options of a request are those of undici there.
holds<Same<Parameters<ours.Client["prepareRequest"]>, Parameters<theirs.Client["prepareRequest"]>>>();
holds<Same<ReturnType<ours.Client["prepareRequest"]>["uri"], ReturnType<theirs.Client["prepareRequest"]>["uri"]>>();
holds<Same<ours.Client["ping"], theirs.Client["ping"]>>();
holds<None<Exclude<keyof theirs.Client, keyof ours.Client>>>();
holds<Same<Pick<ours.Client["config"], keyof theirs.Client["config"]>, theirs.Client["config"]>>();
holds<Same<ours.Payload, theirs.Payload>>();
holds<Same<ours.UploadProgress, theirs.UploadProgress>>();

export const graphql: Pick<theirs.Graphql, "query" | "mutation"> = {} as ours.Graphql;
export async function more(storage: ours.Storage, functions: ours.Functions, sites: ours.Sites, code: File | ours.InputFile) {
  const onProgress = (progress: theirs.UploadProgress) => console.log(progress.progress);
  const file: theirs.Models.File = await storage.createFile({ bucketId: "b", fileId: "f", file: code, permissions: [], onProgress });
  await storage.createFile("b", file.$id, code, [], onProgress);
  const built: theirs.Models.Deployment = await functions.createDeployment({ functionId: "f", code, activate: true, entrypoint: "a.js", commands: "", onProgress });
  await functions.createDeployment("f", code, true, "a.js", "", onProgress);
  await sites.createDeployment({ siteId: built.$id, code, installCommand: "", buildCommand: "", outputDirectory: "", activate: true, onProgress });
  await sites.createDeployment("s", code, "", "", "", true, onProgress);
  // @ts-expect-error: that is no file
  await storage.createFile({ bucketId: "b", fileId: "f", file: 1 });
}

// Files, but that toFile() makes those of undici there.
type Makers<T> = { [N in Statics<T> & keyof T]: T[N] extends (...args: infer P) => unknown ? P : T[N] };
holds<None<DifferentMembers<Omit<Makers<typeof ours.InputFile>, "fromStream">, Makers<typeof InputFile>>>>();
type Members = "filename" | "size" | "slice";
holds<None<DifferentMembers<Pick<ours.InputFile, Members>, Pick<InputFile, Members>>>>();
holds<Same<keyof ours.InputFile, keyof InputFile>>();

holds<None<DifferentStatics<typeof ours.ID, typeof theirs.ID>>>(); // its instances, which nobody makes, have a private member there
holds<None<DifferentClass<typeof ours.Operator, typeof theirs.Operator>>>();
holds<None<DifferentClass<typeof ours.Permission, typeof theirs.Permission>>>();
holds<None<DifferentClass<typeof ours.Query, typeof theirs.Query>>>();
holds<None<DifferentClass<typeof ours.Role, typeof theirs.Role>>>();
holds<Same<ours.Condition, theirs.Condition>>();
holds<Same<keyof typeof ours.Condition, keyof typeof theirs.Condition>>();
holds<Same<ours.QueryTypes, theirs.QueryTypes>>();
holds<Same<ours.QueryTypesList, theirs.QueryTypesList>>();
