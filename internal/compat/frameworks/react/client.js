import { Client } from "isojot";
import { endpoint, project } from "./where.js";

export const name = "first";
export const client = new Client().setEndpoint(endpoint).setProject(project);
