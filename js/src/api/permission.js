import { named } from "../shared/named.js";

/** Makes the permission strings of resources, of a role each. */
export const Permission = /* @__PURE__ */ named("Permission", class Permission {
  static read = (role) => `read("${role}")`;
  static write = (role) => `write("${role}")`;
  static create = (role) => `create("${role}")`;
  static update = (role) => `update("${role}")`;
  static delete = (role) => `delete("${role}")`;
});
