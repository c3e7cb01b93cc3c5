/// <reference lib="dom" />
/** The page of an exported generator. */
import type { Completer } from "../generator/completer.ts";
import type { Enlarger } from "../generator/enlarger.ts";
import type { LatentGenerator } from "../generator/latent_generator.ts";
import { element } from "./dom.ts";
import type { ExportedGenerator } from "../generator/load_generator.ts";
import { completeView } from "./complete_view.ts";
import { enlargeView } from "./enlarge_view.ts";
import { loadExported } from "./generator.ts";
import { latentView } from "./latent_view.ts";

const place = document.querySelector("main")!; // in page.html
const problem = element("p", { className: "problem", role: "alert", hidden: true });

/** Shows why the last job failed, or no longer shows why an earlier one did. */
function tell(error?: unknown): void {
  problem.hidden = error === undefined;
  problem.textContent = error instanceof Error ? error.message : String(error ?? "");
  if (error !== undefined) console.error(error);
}

async function start(): Promise<void> {
  if (location.protocol === "file:") {
    throw new Error(
      "Browsers load no weights from files that were opened directly. Serve this folder, e.g. by " +
        "python3 -m http.server, and open its address",
    );
  }
  // For comparisons: ?backend=wasm
  const wanted = new URLSearchParams(location.search).get("backend");
  const generator = await loadExported(
    undefined,
    wanted === "webgpu" || wanted === "wasm" || wanted === "cpu" ? { backend: wanted } : {},
  );
  const { facts, computesOn } = generator;
  document.title = facts.name;
  document.querySelector("h1")!.textContent = facts.name; // in page.html
  document.querySelector("#facts")!.textContent =
    `${facts.resolution} px, ${facts.imagesSeen.toLocaleString()} images seen. ` +
    `Computed in this browser on ${computesOn.text}; nothing is sent anywhere.`;
  place.replaceChildren(problem, ...viewOf(generator));
  document.body.dataset.awake = "";
}

function viewOf(generator: ExportedGenerator): Node[] {
  const { facts } = generator;
  if (facts.kind === "latents") return latentView(generator as LatentGenerator, tell); // by kind
  if (facts.kind === "enlarge") return enlargeView(generator as Enlarger, tell);
  return completeView(generator as Completer, tell);
}

place.append(problem);
start().catch(tell);
