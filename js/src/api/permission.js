/** Makes the permission strings of resources, of a role each. */
export class Permission {
  static read = (role) => `read("${role}")`;
  static write = (role) => `write("${role}")`;
  static create = (role) => `create("${role}")`;
  static update = (role) => `update("${role}")`;
  static delete = (role) => `delete("${role}")`;
}
