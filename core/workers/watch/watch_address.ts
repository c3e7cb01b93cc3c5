/** Where a worker's watch listens, beside TensorFlow. */
import { type HostPort, hostPort } from "../../host_port.ts";

/** Between TensorFlow's port, which `--cluster` names, and the watch's. */
const PORTS_APART = 1000;

/** The watch's address of a worker: 1000 ports above TensorFlow's; below, where there are none. */
export function watchAddress(address: string): HostPort {
  const { hostname, port } = hostPort(address);
  return { hostname, port: port + PORTS_APART <= 65_535 ? port + PORTS_APART : port - PORTS_APART };
}
