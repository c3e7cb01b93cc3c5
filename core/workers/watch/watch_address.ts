/** Where a worker's watch listens, beside TensorFlow. */

/** Between TensorFlow's port, which `--cluster` names, and the watch's. */
const PORTS_APART = 1000;

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

/** The watch's address of a worker: 1000 ports above TensorFlow's; below, where there are none. */
export function watchAddress(address: string): HostPort {
  const { hostname, port } = hostPort(address);
  return { hostname, port: port + PORTS_APART <= 65_535 ? port + PORTS_APART : port - PORTS_APART };
}

/** As it is written. */
export function addressText({ hostname, port }: HostPort): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
