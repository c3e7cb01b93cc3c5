/** The dashboard's side of the protocol: one socket, opened on first use. */
import {
  type ClientMessage,
  type GenerateRequest,
  type KeepRequest,
  messageWriter,
  type ModelInfo,
  type Picture,
  type ProjectRequest,
  PROTOCOL,
  readMessages,
  type ServerMessage,
} from "../../core/explore/mod.ts";

/** Where the generating process listens. */
export interface ExplorerAddress {
  /** Port on 127.0.0.1. */
  port: number;
  /** The token that each connection must present. */
  token: string;
}

/** Talks to the generating process. */
export interface ExplorerClient {
  /**
   * What computes the pictures, e.g. "TensorFlow 2.21.0 on CPU". @throws ExplorerError where the
   * process is not reachable
   */
  backend(): Promise<string>;
  open(run: string, imagesSeen: number): Promise<ModelInfo>;
  /** Null if a newer request of the same lane superseded this one. */
  generate(
    lane: string,
    model: { run: string; imagesSeen: number },
    request: GenerateRequest,
  ): Promise<Picture | null>;
  /** Projects a user's picture into w. @returns its name */
  project(
    model: { run: string; imagesSeen: number },
    request: ProjectRequest,
    onProgress: OnProgress,
  ): Promise<string>;
  /** Saves the current slider settings as one direction. @returns its name */
  keep(model: { run: string; imagesSeen: number }, request: KeepRequest): Promise<string>;
  close(): void;
}

/** Called with the current task and its progress, 0 … 1. */
type OnProgress = (what: string, fraction: number) => void;

/** Thrown if the generating process is not reachable or reports an error. */
export class ExplorerError extends Error {
  override name = "ExplorerError";
  /** @param isAbsent whether nothing answers at the address */
  constructor(message: string, readonly isAbsent: boolean, options?: ErrorOptions) {
    super(message, options);
  }
}

interface Link {
  backend: string;
  ask(message: AskMessage, onProgress?: OnProgress): Promise<ServerMessage>;
  close(): void;
}
type AskMessage = Extract<ClientMessage, { id: number }>;

/** @param address of the generating process; undefined if none was started */
export function createExplorerClient(address: ExplorerAddress | undefined): ExplorerClient {
  let link: Promise<Link> | undefined;
  let lastId = 0;

  function connected(): Promise<Link> {
    if (!address) {
      return Promise.reject(
        new ExplorerError("Cannot generate: no generating process was started", true),
      );
    }
    link ??= connect(address, () => link = undefined).catch((error) => {
      link = undefined;
      throw error;
    });
    return link;
  }

  async function ask(message: AskMessage, onProgress?: OnProgress): Promise<ServerMessage> {
    const reply = await (await connected()).ask(message, onProgress);
    if (reply.type === "error") throw new ExplorerError(reply.message, false);
    return reply;
  }

  return {
    backend: async () => (await connected()).backend,
    async open(run, imagesSeen) {
      const reply = await ask({ type: "open", id: ++lastId, run, imagesSeen });
      if (reply.type !== "model") {
        throw new ExplorerError(`Unexpected reply "${reply.type}"`, false);
      }
      return reply.model;
    },
    async generate(lane, { run, imagesSeen }, request) {
      const id = ++lastId;
      const reply = await ask({ type: "generate", id, lane, run, imagesSeen, request });
      return reply.type === "picture" ? reply.picture : null;
    },
    async project(model, request, onProgress) {
      const reply = await ask({ type: "project", id: ++lastId, ...model, request }, onProgress);
      if (reply.type !== "found") {
        throw new ExplorerError(`Unexpected reply "${reply.type}"`, false);
      }
      return reply.name;
    },
    async keep(model, request) {
      const reply = await ask({ type: "keep", id: ++lastId, ...model, request });
      if (reply.type !== "kept") throw new ExplorerError(`Unexpected reply "${reply.type}"`, false);
      return reply.name;
    },
    close() {
      link?.then((l) => l.close(), () => {});
      link = undefined;
    },
  };
}

/** A request that has not been answered yet. */
interface Waiting {
  resolve(message: ServerMessage): void;
  reject(error: Error): void;
  onProgress: OnProgress | undefined;
}

async function connect({ port, token }: ExplorerAddress, onClose: () => void): Promise<Link> {
  const absent = (cause?: unknown) =>
    new ExplorerError(`Cannot generate: nothing answers on 127.0.0.1:${port}`, true, { cause });
  const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch((e) => {
    throw absent(e);
  });
  const waiting = new Map<number, Waiting>();
  const send = messageWriter(connection.writable);
  const welcome = Promise.withResolvers<string>();

  (async () => {
    for await (const raw of readMessages(connection.readable)) {
      const message = raw as ServerMessage; // from the process that knows our token
      if (message.type === "welcome") welcome.resolve(message.backend);
      else if (message.type === "progress") {
        waiting.get(message.id)?.onProgress?.(message.what, message.fraction);
      } else {
        waiting.get(message.id)?.resolve(message);
        waiting.delete(message.id);
      }
    }
    throw absent();
  })().catch((cause) => {
    onClose();
    const error = new ExplorerError("Cannot generate: the generating process ended", true, {
      cause,
    });
    welcome.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });

  await send({ type: "hello", protocol: PROTOCOL, token });
  const backend = await welcome.promise;
  return {
    backend,
    ask(message, onProgress) {
      return new Promise((resolve, reject) => {
        waiting.set(message.id, { resolve, reject, onProgress });
        send(message).catch(reject);
      });
    },
    close() {
      try {
        connection.close();
      } catch {
        // already closed by the other side
      }
    },
  };
}
