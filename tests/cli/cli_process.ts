/** Runs the command line in a separate process. */
import { fileURLToPath } from "node:url";

/** The result of a command. */
export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

const root = new URL("../../", import.meta.url);

/** Differences from how commands are usually run. */
export interface CliOptions {
  /** Deno's own flags. */
  deno?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** Runs `deno task <args>` without a terminal. */
export async function runCli(
  args: readonly string[],
  cwd: string,
  options: CliOptions = {},
): Promise<CliResult> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      ...options.deno ?? [],
      "--config",
      fileURLToPath(new URL("deno.json", root)),
      fileURLToPath(new URL("cli/main.ts", root)),
      ...args,
    ],
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1", ...options.env },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Like {@linkcode runCli}. @throws Error with the output unless the exit code is 0 */
export async function expectCli(args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, cwd);
  if (code !== 0) {
    throw new Error(`deno task ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  }
  return stdout;
}
