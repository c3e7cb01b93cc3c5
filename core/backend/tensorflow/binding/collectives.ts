/**
 * TensorFlow's own distributed runtime: each process is a task of one job, serves gRPC at its
 * address, and takes part in collective ops. The channel is neither encrypted nor authenticated.
 */
import { hostPort } from "../../../host_port.ts";
import { messageOf } from "../../../text.ts";
import { narrowPort } from "./narrow_port.ts";
import { ProtoWriter } from "../../../proto_writer.ts";
import type { WorkerPlace } from "../../types.ts";
import type { Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

const JOB = "worker", LEADER = `/job:${JOB}/replica:0/task:0`;

/** ServerDef: cluster (1), job_name (2), task_index (3), default_session_config (4), protocol (5). */
function serverDef({ addresses, rank }: WorkerPlace, config: Uint8Array): Uint8Array<ArrayBuffer> {
  return new ProtoWriter()
    .message(1, (cluster) =>
      cluster.message(1, (job) => {
        job.data(1, JOB);
        addresses.forEach((address, task) => {
          job.message(2, (entry) => entry.integer(1, task).data(2, address));
        });
      }))
    .data(2, JOB)
    .integer(3, rank)
    .data(4, config)
    .data(5, "grpc")
    .bytes();
}

/**
 * The chunk size, in bytes, in which TensorFlow copies what it sends. Its default of 4096 makes
 * hundreds of strings per message; a single chunk per message would not fit into the CPU cache.
 */
const CHUNK_BYTES = 65_536;

/**
 * Serialized fields to append to a ConfigProto: `experimental.collective_group_leader` (16 . 1) and
 * `.recv_buf_max_chunk` (16 . 4).
 */
export function leaderConfig(): Uint8Array {
  return new ProtoWriter().message(
    16,
    (experimental) => experimental.data(1, LEADER).integer(4, CHUNK_BYTES),
  ).bytes();
}

/** Wildcard addresses, which listen on all interfaces of a machine. */
const WILDCARDS = ["0.0.0.0", "::"];

/**
 * Restricts this process's server to the address it is meant to listen on, if the system allows it.
 * @returns why the server remains reachable at all addresses of the machine; undefined if it is
 * restricted, or if a wildcard address was requested
 */
export function narrowServer({ addresses, rank, listen }: WorkerPlace): string | undefined {
  const { hostname, port } = hostPort(addresses[rank]!); // a checked place
  try {
    // resolves a host name to a numeric address
    using listener = Deno.listen({ hostname: listen ?? hostname, port: 0 });
    const told = listener.addr.hostname;
    if (WILDCARDS.includes(told) || narrowPort(port, told)) return undefined;
    return `only Linux can keep port ${port} to ${told}`;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Starts this process's server. It does not wait for the other workers: the first collective op
 * does.
 * @param config the context's ConfigProto with {@linkcode leaderConfig}
 * @throws Error if the address can't be served
 */
export function enableCollectives(
  symbols: TensorFlowSymbols,
  context: Deno.PointerObject,
  status: Status,
  { place, config }: { place: WorkerPlace; config: Uint8Array },
): void {
  const server = serverDef(place, config);
  symbols.TFE_EnableCollectiveOps(context, server, BigInt(server.length), status.pointer);
  status.check(`serve worker ${place.rank} at ${place.addresses[place.rank]}`);
}
