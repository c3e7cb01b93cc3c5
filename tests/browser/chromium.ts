/** Starts a real Chromium for the browser tests. */
import { type Browser, chromium } from "playwright-core";

/** Where Debian, Ubuntu and others install it; CHROMIUM names another place. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Without a sandbox, because of containers, and without any network traffic of its own. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of Chromium; undefined if it is not installed. */
export function findChromium(): string | undefined {
  const wanted = Deno.env.get("CHROMIUM");
  return (wanted ? [wanted] : places).find(isFile);
}

/** Explains what is missing, and how to get it. */
export function missingChromium(): string {
  return `expected Chromium at ${Deno.env.get("CHROMIUM") ?? places.join(", ")}. ` +
    `Install it with "apt-get update && apt-get install -y chromium", or set CHROMIUM`;
}

/**
 * Starts Chromium.
 * @param more flags
 * @throws Error that says how to install it
 */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(`Cannot start a browser: ${missingChromium()}`);
  return await chromium.launch({ executablePath, args: [...flags, ...more], headless: true });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
