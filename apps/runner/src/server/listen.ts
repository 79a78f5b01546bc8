import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { ServerError } from "./serverError.js";

const loopback: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

/**
 * Refuses an address that other machines reach, unless that was asked for in so many words: who gets in can fill the disk and use the machine, and
 * what is said, the token included, can be read on the way.
 * @throws ServerError SERVER_REMOTE_HOST
 */
export function refuseRemote(host: string, insecureRemote: boolean): void {
  if (loopback.has(host) || insecureRemote) return;
  throw new ServerError(
    "SERVER_REMOTE_HOST",
    403,
    `--host ${host} lets other machines reach this server, unencrypted; the token, which is always asked for, can then be read on the way. ` +
      `Use an SSH tunnel to 127.0.0.1 instead, or add --insecure-remote if the network is yours alone`,
  );
}

/** The addresses to listen on: both of the loopback unless one is named. */
function addressesOf(host: string): string[] {
  return host === "localhost" || host === "127.0.0.1" ? ["127.0.0.1", "::1"] : [host];
}

/** Names, without port, under which a server on this address may be spoken to. */
export function allowedHosts(host: string): Set<string> {
  const hosts = new Set(["localhost", "127.0.0.1", "[::1]"]);
  const add = (name: string): void => void hosts.add(name.includes(":") ? `[${name.toLowerCase()}]` : name.toLowerCase());
  add(host);
  if (host === "0.0.0.0" || host === "::") {
    add(hostname());
    for (const list of Object.values(networkInterfaces())) for (const { address } of list ?? []) add(address.split("%")[0]!);
  }
  return hosts;
}

export interface Listening {
  readonly port: number;
  readonly servers: readonly Server[];
}

/**
 * Listens on the port at every address of the host; 0 takes a port that is free.
 * @throws ServerError SERVER_PORT_IN_USE
 */
export async function listen(host: string, port: number, handler: RequestListener, prepare: (server: Server) => void): Promise<Listening> {
  const [first, ...others] = addressesOf(host);
  const server = await listenOn(first!, port, handler, prepare);
  const taken = (server.address() as AddressInfo).port;
  const servers = [server];
  for (const address of others) {
    try {
      servers.push(await listenOn(address, taken, handler, prepare));
    } catch (error) {
      // A machine without IPv6 does without; another program at that address would be spoken to by some browsers in our stead.
      if (!(error instanceof ServerError) || port === 0) continue;
      server.close();
      throw error;
    }
  }
  return { port: taken, servers };
}

function listenOn(address: string, port: number, handler: RequestListener, prepare: (server: Server) => void): Promise<Server> {
  const server = createServer({ maxHeaderSize: 16 * 1024 }, handler);
  prepare(server);
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EADDRINUSE" && cause.code !== "EACCES") {
        reject(cause);
        return;
      }
      const why = cause.code === "EACCES" ? "may not be used by this user" : "is in use by another program";
      const message = `Port ${port} of ${address} ${why}; try --port ${port < 65_535 ? port + 1 : 8188}, or --port 0 for any that is free`;
      reject(new ServerError("SERVER_PORT_IN_USE", 409, message, { cause }));
    });
    server.listen({ host: address, port }, () => resolve(server));
  });
}
