/**
 * Deno's Jupyter kernel as a separate process, addressed as Jupyter does
 * (jupyter-client.readthedocs.io, "Messaging").
 */
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { connectZeroMq, type SocketType, type ZeroMqSocket } from "./zeromq.ts";

/** The output of a cell: its MIME bundles, its text, and the error that ended it. */
export interface CellOutput {
  /** From display calls and the last expression. */
  shown: Record<string, unknown>[];
  /** Standard output and standard error. */
  printed: string;
  /** Name, message and stack of an error. */
  error?: string;
}

/** A running kernel. */
export interface Kernel {
  /** Executes a cell and waits until the kernel is idle again. */
  execute(code: string): Promise<CellOutput>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** The parts of a message that are read. */
interface Message {
  header: { msg_type: string };
  parent: { msg_id?: string };
  content: Record<string, unknown>;
}

const encoder = new TextEncoder(), decoder = new TextDecoder();
const DELIMITER = "<IDS|MSG>";

/** Milliseconds that a kernel may take to start, and between two attempts. */
const STARTS_WITHIN = 60_000, PAUSE = 100;

/** Starts a kernel in a folder, whose deno.json applies. */
export async function startKernel(folder: string): Promise<Kernel> {
  const [shell, iopub, stdin, control, heartbeat] = freePorts(5);
  const key = crypto.randomUUID(), file = join(folder, ".kernel.json");
  await Deno.writeTextFile(
    file,
    JSON.stringify({
      transport: "tcp",
      ip: "127.0.0.1",
      signature_scheme: "hmac-sha256",
      key,
      shell_port: shell,
      iopub_port: iopub,
      stdin_port: stdin,
      control_port: control,
      hb_port: heartbeat,
    }),
  );
  const process = new Deno.Command(Deno.execPath(), {
    args: ["jupyter", "--kernel", "--conn", file],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let ended = false;
  process.status.then(() => ended = true);
  const connect = (port: number, type: SocketType) => connected(port, type, () => ended);
  try {
    // 5 ports
    const requests = await connect(shell!, "DEALER"), told = await connect(iopub!, "SUB");
    const kernel = { requests, told, key, session: crypto.randomUUID() };
    await untilTold(kernel);
    return {
      execute: (code) => execute(kernel, code),
      async close() {
        requests.close();
        told.close();
        process.kill("SIGKILL"); // a kernel does not end by itself
        await process.status;
      },
    };
  } catch (error) {
    if (!ended) process.kill("SIGKILL");
    await process.status;
    throw error;
  }
}

/** The sockets of a kernel, and the key that signs its messages. */
interface Connection {
  requests: ZeroMqSocket;
  told: ZeroMqSocket;
  key: string;
  session: string;
}

/**
 * Executes a cell, then an empty one: on a busy machine the kernel reports that it is idle before
 * it sends a cell's result, but it sends that before the next cell ends.
 */
async function execute(kernel: Connection, code: string): Promise<CellOutput> {
  const output: CellOutput = { shown: [], printed: "" };
  const ids = new Set<string>();
  for (const source of [code, "undefined"]) {
    const id = await request(kernel, "execute_request", {
      code: source,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    });
    ids.add(id);
    for (let isIdle = false; !isIdle;) {
      const { content, header: { msg_type }, parent: { msg_id = "" } } = await nextOf(kernel.told);
      if (!ids.has(msg_id)) continue;
      collect(output, msg_type, content);
      isIdle = msg_id === id && msg_type === "status" && content.execution_state === "idle";
    }
  }
  return output;
}

function collect(output: CellOutput, type: string, content: Message["content"]): void {
  if (type === "stream") output.printed += String(content.text);
  if (type === "display_data" || type === "execute_result") {
    output.shown.push(content.data as Record<string, unknown>); // a MIME bundle
  }
  if (type === "error") {
    const stack = content.traceback as string[];
    output.error = `${content.ename}: ${content.evalue}\n${stack.join("\n")}`;
  }
}

/**
 * Sends requests until the kernel's output is received; what it sends before the subscription
 * arrives is lost.
 */
async function untilTold(kernel: Connection): Promise<void> {
  let isHeard = false;
  const heard = nextOf(kernel.told).then(() => isHeard = true);
  for (let waited = 0; !isHeard && waited < STARTS_WITHIN; waited += PAUSE) {
    await request(kernel, "kernel_info_request", {});
    await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, PAUSE))]);
  }
  if (!isHeard) throw new Error("Cannot start the kernel: it tells nothing");
}

async function nextOf(socket: ZeroMqSocket): Promise<Message> {
  const frames = await socket.receive();
  if (!frames) throw new Error("Cannot go on: the kernel has ended");
  const texts = frames.map((frame) => decoder.decode(frame)), at = texts.indexOf(DELIMITER);
  const [header, parent, , content] = texts.slice(at + 2, at + 6).map((text) => JSON.parse(text));
  return { header, parent, content };
}

/** Sends a request. @returns its id */
async function request(
  { requests, key, session }: Connection,
  type: string,
  content: Record<string, unknown>,
): Promise<string> {
  const id = crypto.randomUUID();
  const header = {
    msg_id: id,
    msg_type: type,
    session,
    username: "test",
    date: new Date().toISOString(),
    version: "5.3",
  };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  const signature = createHmac("sha256", key).update(parts.join("")).digest("hex");
  await requests.send([DELIMITER, signature, ...parts].map((text) => encoder.encode(text)));
  return id;
}

/** Retries until the kernel listens. */
async function connected(
  port: number,
  type: SocketType,
  hasEnded: () => boolean,
): Promise<ZeroMqSocket> {
  for (let waited = 0;; waited += PAUSE) {
    try {
      return await connectZeroMq(port, type);
    } catch (error) {
      if (hasEnded() || waited >= STARTS_WITHIN) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ port: 0 }));
  const ports = listeners.map(({ addr }) => addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}
