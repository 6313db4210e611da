import { failure } from "../shared/exception.js";

export function upload() {
  throw failure("client_unsupported", "uploads are not in this build");
}
