/** Addresses of the form "host:port". */

export interface HostPort {
  hostname: string;
  port: number;
}

/** Splits "host:port" or "[::1]:port", which must have been checked before. */
export function hostPort(address: string): HostPort {
  const at = address.lastIndexOf(":");
  const hostname = address.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  return { hostname, port: Number(address.slice(at + 1)) };
}

/** Formats an address for {@linkcode hostPort}. */
export function addressText({ hostname, port }: HostPort): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
