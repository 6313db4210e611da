import { headerOf } from "./headers.js";
import { given } from "../shared/members.js";
import { invalid, known } from "../shared/options.js";

// Where a function finds who calls, and where to call (contract section 11).
const ENDPOINT = "APPWRITE_FUNCTION_API_ENDPOINT";
const PROJECT = "APPWRITE_FUNCTION_PROJECT_ID";
const VARIABLE = "APPWRITE_FUNCTION_JWT";
const HEADER = "x-appwrite-user-jwt";
const TRIGGER = "x-appwrite-trigger";

/** Makes clientFromFunction(), whose clients are of the class Client, for a platform of that global. */
export function functionClients(Client, global) {
  return (source, options = {}) => {
    const processEnv = global.process?.env ?? {};
    source ??= processEnv;
    const { endpoint, project } = known("clientFromFunction()", options, ["endpoint", "project"]);
    if (typeof source !== "object") throw invalid("clientFromFunction() takes the function's req, or process.env");
    const headers = given(source, "headers");
    const request = typeof headers === "object" && headers !== null;
    // A request never says where to call: its sender could have the token sent anywhere.
    const env = request ? processEnv : source;
    return new Client()
      .setEndpoint(endpoint ?? variable(env, ENDPOINT, "endpoint"))
      .setProject(project ?? variable(env, PROJECT, "project"))
      .setJWT(request ? jwtOf(headers) : jwtIn(env));
  };
}

function variable(env, name, option) {
  if (given(env, name)) return env[name];
  throw invalid(`${name} is not set: the server sets it for what it runs as a function. Elsewhere give clientFromFunction() { ${option} } as its second argument`);
}

// Empty for guests, and then it is there all the same.
function jwtIn(env) {
  if (given(env, VARIABLE) !== undefined) return checked(VARIABLE, env[VARIABLE]);
  throw invalid(`${VARIABLE} is not set: give clientFromFunction() the function's req, whose header ${HEADER} has the caller's JWT; the server sets the variable for what it runs as a function`);
}

function jwtOf(headers) {
  if (headerOf(headers, TRIGGER)) return checked(HEADER, headerOf(headers, HEADER) ?? "");
  throw invalid(`the request has no header ${TRIGGER}, so it did not come by a server that runs functions: let callers execute the function`);
}

// Go checks it too, but where nobody knows any more where it came from.
function checked(name, jwt) {
  if (jwt === "" || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt)) return jwt;
  throw invalid(`${name} is no JWT: it must be three parts of base64url between dots, as the server hands it over, or empty`);
}
