// Compiled, never run, as same.ts: the helpers beside those of node-appwrite,
// which has no channels.
import type * as theirs from "node-appwrite";
import type * as ours from "isojot";
import { holds, type DifferentClass, type DifferentStatics, type None, type Same } from "./compare";

holds<None<DifferentStatics<typeof ours.ID, typeof theirs.ID>>>(); // its instances, which nobody makes, have a private member there
holds<None<DifferentClass<typeof ours.Operator, typeof theirs.Operator>>>();
holds<None<DifferentClass<typeof ours.Permission, typeof theirs.Permission>>>();
holds<None<DifferentClass<typeof ours.Query, typeof theirs.Query>>>();
holds<None<DifferentClass<typeof ours.Role, typeof theirs.Role>>>();
holds<Same<ours.Condition, theirs.Condition>>();
holds<Same<keyof typeof ours.Condition, keyof typeof theirs.Condition>>();
holds<Same<ours.QueryTypes, theirs.QueryTypes>>();
holds<Same<ours.QueryTypesList, theirs.QueryTypesList>>();
