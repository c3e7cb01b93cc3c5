/** Opens the port of a worker's watch, and says plainly why it can't. */
import { ConfigError } from "../../config/config_layer.ts";
import { messageOf } from "../../text.ts";
import { addressText, type HostPort } from "../../host_port.ts";

/** @throws ConfigError where it is taken, or no address of this machine */
export function listenAt(at: HostPort): Deno.TcpListener {
  try {
    return Deno.listen(at);
  } catch (cause) {
    const cannot = `Cannot listen at ${addressText(at)} for the other workers: `;
    const reason = cause instanceof Deno.errors.AddrInUse
      ? `another program listens there, perhaps a worker that still runs. End it, or choose ` +
        `other ports`
      : cause instanceof Deno.errors.PermissionDenied
      ? `this user may not open port ${at.port}. Choose ports from 1024 on`
      : `expected an address of this machine, received ${messageOf(cause)}. Is --rank right? ` +
        `Where this machine has no such address, as behind a translated one, give --listen`;
    throw new ConfigError(cannot + reason, { cause });
  }
}

/** @throws ConfigError as {@linkcode listenAt} */
export function expectFree(at: HostPort): void {
  listenAt(at).close();
}

/**
 * Debian gives a machine's own name 127.0.1.1 in its hosts file: a listener there is one that no
 * other machine reaches.
 * @param bound where a name led to
 * @param others names of the other workers' machines
 * @throws ConfigError where it is loopback, and others are elsewhere
 */
export function expectReachable(bound: string, name: string, others: readonly string[]): void {
  const isLiteral = /^[\d.]+$|:/.test(name) || name === "localhost";
  if (isLiteral || !/^(127\.|::1$)/.test(bound) || others.every((other) => other === name)) return;
  throw new ConfigError(
    `Cannot listen at ${name} for the other workers: this machine takes its own name for ${bound}, ` +
      `which no other reaches (its hosts file says so). Give --listen 0.0.0.0 here, or name the ` +
      `machines by their addresses in --cluster`,
  );
}
