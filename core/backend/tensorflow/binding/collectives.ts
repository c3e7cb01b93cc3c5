/**
 * TensorFlow's own runtime between processes: each is a task of one job, serves gRPC at its
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
 * Bytes of a piece in which TensorFlow copies what it sends. Of its own 4096 it makes hundreds of
 * strings a message; a whole message in one goes through memory where pieces stay in a cache.
 */
const MESSAGE_PIECE = 65_536;

/**
 * A serialized ConfigProto's addition: `experimental.collective_group_leader` (16 . 1) and
 * `.recv_buf_max_chunk` (16 . 4).
 */
export function leaderConfig(): Uint8Array {
  return new ProtoWriter().message(
    16,
    (experimental) => experimental.data(1, LEADER).integer(4, MESSAGE_PIECE),
  ).bytes();
}

/** Addresses that mean all of a machine's. */
const EVERYWHERE = ["0.0.0.0", "::"];

/**
 * Keeps this process's server to the address that it is told to be at, where the system lets it.
 * @returns why the server can be reached at all addresses of the machine; undefined where it can't,
 * or was told to
 */
export function narrowServer({ addresses, rank, listen }: WorkerPlace): string | undefined {
  const { hostname, port } = hostPort(addresses[rank]!); // a checked place
  try {
    // a listener knows its address in numbers
    using listener = Deno.listen({ hostname: listen ?? hostname, port: 0 });
    const told = listener.addr.hostname;
    if (EVERYWHERE.includes(told) || narrowPort(port, told)) return undefined;
    return `only Linux can keep port ${port} to ${told}`;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Starts this process's server. Others are not waited for: the first collective does that.
 * @param config the context's ConfigProto with {@linkcode leaderConfig}
 * @throws Error where the address can't be served
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
