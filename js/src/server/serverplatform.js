import { functionClients } from "./functionclient.js";
import { NodeClient } from "./nodeclient.js";
import { serverClients } from "./serverclient.js";
import { Account, Functions } from "./services.gen.js";

/** What the builds for servers have alike. */
export const serverPlatform = { Client: NodeClient, format: "1.9.5", functionClients, serverClients, services: { Account, Functions } };
