import { named } from "../shared/named.js";

/** Makes the role strings that Permission takes. */
export const Role = /* @__PURE__ */ named("Role", class Role {
  static any() {
    return "any";
  }

  static user(id, status = "") {
    return withDetail(`user:${id}`, status);
  }

  static users(status = "") {
    return withDetail("users", status);
  }

  static guests() {
    return "guests";
  }

  static team(id, role = "") {
    return withDetail(`team:${id}`, role);
  }

  static member(id) {
    return `member:${id}`;
  }

  static label(name) {
    return `label:${name}`;
  }
});

function withDetail(role, detail) {
  return detail === "" ? role : `${role}/${detail}`;
}
