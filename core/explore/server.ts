/** The generating process's side of the protocol: sockets, the token, and "the newest wins". */
import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { messageOf } from "../text.ts";
import { messageWriter, readMessages } from "./lines.ts";
import {
  type ClientMessage,
  type GenerateRequest,
  type KeepRequest,
  type ModelInfo,
  type ProjectRequest,
  PROTOCOL,
  type ServerMessage,
} from "./protocol.ts";

/** What a process must implement to serve the Explore page. */
export interface ExplorerEngine {
  /** e.g. "TensorFlow 2.21.0 on CPU". */
  backend: string;
  /** Loads a checkpoint; called before its first `generate`. The engine may keep several loaded. */
  open(run: string, imagesSeen: number): Promise<ModelInfo>;
  /** Generates pictures; never called concurrently. */
  generate(
    model: { run: string; imagesSeen: number },
    request: GenerateRequest,
  ): Promise<{ png: Uint8Array; columns: number; rows: number; svgs?: readonly string[] }>;
  /**
   * Finds the user's picture in w and saves it in the run's folder; never called concurrently with
   * itself, but possibly during `generate`.
   * @returns its name
   */
  project(
    model: { run: string; imagesSeen: number },
    request: ProjectRequest,
    onProgress: (what: string, fraction: number) => void,
  ): Promise<string>;
  /**
   * Saves the slider positions as one direction in the run's folder.
   * @returns its name
   */
  keep(model: { run: string; imagesSeen: number }, request: KeepRequest): Promise<string>;
}

/** A running explorer. */
export interface ExplorerServer {
  port: number;
  close(): void;
}

type Send = (message: ServerMessage) => Promise<void>;
type Job = { message: Extract<ClientMessage, { type: "generate" }>; send: Send };

/** Milliseconds to wait after a connection could not be accepted. */
const PAUSE = 500;

/**
 * Listens on 127.0.0.1 for the dashboard.
 * @param options the shared token, and the port (0, the default, chooses a free one)
 */
export function serveExplorer(
  engine: ExplorerEngine,
  { token, port = 0 }: { token: string; port?: number },
): ExplorerServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  const connections = new Set<Deno.Conn>();
  const lanes = new Map<string, Job>(); // waiting: one a lane, oldest lane first
  let isBusy = false, isProjecting = false;

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let next = lanes.entries().next(); !next.done; next = lanes.entries().next()) {
      const [lane, { message, send }] = next.value;
      lanes.delete(lane);
      const { id, run, imagesSeen, request } = message;
      try {
        const began = performance.now();
        const { png, ...rest } = await engine.generate({ run, imagesSeen }, request);
        const milliseconds = performance.now() - began;
        const picture = { ...rest, png: Buffer.from(png).toString("base64"), milliseconds };
        await send({ type: "picture", id, picture });
      } catch (error) {
        // the reader is gone
        await send({ type: "error", id, message: messageOf(error) }).catch(() => {});
      }
    }
    isBusy = false;
  }

  async function project(
    { id, run, imagesSeen, request }: Extract<ClientMessage, { type: "project" }>,
    send: Send,
  ): Promise<void> {
    if (isProjecting) {
      const message = "Cannot project a second picture: expected one at a time. Wait for the first";
      return await send({ type: "error", id, message });
    }
    isProjecting = true;
    try {
      const name = await engine.project({ run, imagesSeen }, request, (what, fraction) => {
        send({ type: "progress", id, what, fraction }).catch(() => {}); // the reader is gone
      });
      await send({ type: "found", id, name });
    } catch (error) {
      await send({ type: "error", id, message: messageOf(error) });
    } finally {
      isProjecting = false;
    }
  }

  async function answer(message: ClientMessage, send: Send): Promise<void> {
    if (message.type === "open" || message.type === "keep") {
      const { id, run, imagesSeen } = message;
      try {
        await send(
          message.type === "open"
            ? { type: "model", id, model: await engine.open(run, imagesSeen) }
            : { type: "kept", id, name: await engine.keep({ run, imagesSeen }, message.request) },
        );
      } catch (error) {
        await send({ type: "error", id, message: messageOf(error) });
      }
    } else if (message.type === "generate") {
      const stale = lanes.get(message.lane);
      lanes.delete(message.lane);
      lanes.set(message.lane, { message, send });
      if (stale) await stale.send({ type: "dropped", id: stale.message.id });
      void work();
    } else if (message.type === "project") await project(message, send);
  }

  async function serve(connection: Deno.Conn): Promise<void> {
    connections.add(connection);
    const send = messageWriter(connection.writable);
    let isKnown = false;
    try {
      for await (const raw of readMessages(connection.readable)) {
        const message = raw as ClientMessage; // from a client that proved the token first
        if (isKnown) void answer(message, send).catch(() => {}); // the socket closed meanwhile
        else if (
          message.type === "hello" && message.protocol === PROTOCOL && same(message.token, token)
        ) {
          isKnown = true;
          await send({ type: "welcome", protocol: PROTOCOL, backend: engine.backend });
        } else break;
      }
    } catch {
      // A malformed line or a broken socket ends this connection only.
    } finally {
      connections.delete(connection);
      closeQuietly(connection);
    }
  }

  let isClosed = false;
  void (async () => {
    while (!isClosed) {
      try {
        void serve(await listener.accept());
      } catch {
        // Closed, or too many files are open: some may be free soon.
        await new Promise((done) => setTimeout(done, PAUSE));
      }
    }
  })();

  return {
    port: listener.addr.port,
    close() {
      isClosed = true;
      listener.close();
      for (const connection of connections) closeQuietly(connection);
    },
  };
}

function same(a: unknown, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return typeof a === "string" && timingSafeEqual(digest(a), digest(b));
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // Already closed by the other side.
  }
}
