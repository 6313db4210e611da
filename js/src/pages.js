// What pages have of the package besides what is bound to the platform.
export { Channel } from "./api/channel.js";
export { Condition } from "./api/condition.js";
export * from "./api/enums.gen.js";
export { ID } from "./api/id.js";
export { Operator } from "./api/operator.js";
export { Permission } from "./api/permission.js";
export { Query } from "./api/query.js";
export { Realtime } from "./api/realtime.js";
export { Role } from "./api/role.js";
export * from "./api/services.gen.js";
export { AppwriteException } from "./shared/exception.js";
