/** The address at which a worker's watch listens, next to TensorFlow's. */
import { type HostPort, hostPort } from "../../host_port.ts";

/** Distance between TensorFlow's port, which `--cluster` names, and the watch's. */
const PORTS_APART = 1000;

/**
 * The address of a worker's watch: 1000 ports above TensorFlow's, or below where that is too high.
 */
export function watchAddress(address: string): HostPort {
  const { hostname, port } = hostPort(address);
  return { hostname, port: port + PORTS_APART <= 65_535 ? port + PORTS_APART : port - PORTS_APART };
}
