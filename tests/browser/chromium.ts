/** A real Chromium for the browser tests. */
import { type Browser, chromium } from "playwright-core";

/** Where Debian, Ubuntu and others put it; CHROMIUM names another. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Without a sandbox for containers, and without any traffic of its own. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts Chromium.
 * @throws Error telling how to install it
 */
export async function openBrowser(): Promise<Browser> {
  const wanted = Deno.env.get("CHROMIUM");
  const executablePath = (wanted ? [wanted] : places).find(isFile);
  if (!executablePath) {
    throw new Error(
      `Cannot run the browser tests: expected Chromium at ${wanted ?? places.join(", ")}. ` +
        `Install it with "apt-get update && apt-get install -y chromium", or set CHROMIUM`,
    );
  }
  return await chromium.launch({ executablePath, args: flags, headless: true });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
