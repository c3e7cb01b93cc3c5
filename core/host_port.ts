/** Addresses of the form "host:port". */

/** An address that something listens at. */
export interface HostPort {
  hostname: string;
  port: number;
}

/** "host:port" or "[::1]:port" apart; it was checked before. */
export function hostPort(address: string): HostPort {
  const at = address.lastIndexOf(":");
  const hostname = address.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  return { hostname, port: Number(address.slice(at + 1)) };
}

/** As it is written. */
export function addressText({ hostname, port }: HostPort): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
