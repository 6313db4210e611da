import { idOf, json, route, stamps } from "./http.js";

/** The teams, each of which has its founder for a member. */
export class Teams {
  #teams = [];
  #table = [
    ["GET", "/teams", ({ user }) => this.list(user)],
    ["POST", "/teams", (call) => this.create(call)],
  ];

  handler(method, path) {
    return route(this.#table, method, path);
  }

  list({ $id }) {
    const teams = this.#teams.filter(({ founder }) => founder === $id).map(({ team }) => team);
    return json(200, { total: teams.length, teams });
  }

  create({ user, json: { teamId, name } }) {
    const team = { $id: idOf(teamId), ...stamps(), name, total: 1, prefs: {} };
    this.#teams.push({ founder: user.$id, team });
    return json(201, team);
  }
}
