/** Opens the port of a worker's watch, with helpful errors. */
import { ConfigError } from "../../config/config_layer.ts";
import { messageOf } from "../../text.ts";
import { addressText, type HostPort } from "../../host_port.ts";

/** @throws ConfigError where the port is in use, or not an address of this machine */
export function listenAt(at: HostPort): Deno.TcpListener {
  try {
    return Deno.listen(at);
  } catch (cause) {
    const prefix = `Cannot listen at ${addressText(at)} for the other workers: `;
    const reason = cause instanceof Deno.errors.AddrInUse
      ? `another program listens there, perhaps a worker that still runs. End it, or choose ` +
        `other ports`
      : cause instanceof Deno.errors.PermissionDenied
      ? `this user may not open port ${at.port}. Choose ports from 1024 on`
      : `expected an address of this machine, received ${messageOf(cause)}. Is --rank right? ` +
        `Where this machine has no such address, as behind a translated one, give --listen`;
    throw new ConfigError(prefix + reason, { cause });
  }
}

/** @throws ConfigError as {@linkcode listenAt} */
export function expectFree(at: HostPort): void {
  listenAt(at).close();
}

/**
 * Debian's hosts file maps a machine's own name to 127.0.1.1, at which no other machine can reach a
 * listener.
 * @param bound the address that `name` resolved to
 * @param others hosts of the other workers
 * @throws ConfigError where it is a loopback address and other workers are on other machines
 */
export function expectReachable(bound: string, name: string, others: readonly string[]): void {
  const isLiteral = /^[\d.]+$|:/.test(name) || name === "localhost";
  if (isLiteral || !/^(127\.|::1$)/.test(bound) || others.every((other) => other === name)) return;
  throw new ConfigError(
    `Cannot listen at ${name} for the other workers: this machine resolves its own name to ` +
      `${bound}, which no other machine can reach (see its hosts file). Give --listen ` +
      `0.0.0.0 here, or name the machines by their addresses in --cluster`,
  );
}
