/// <reference lib="dom" />
/** The generator as a page uses it: sends requests, and shows the newest picture and its timing. */
import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "../live/change.ts";
import { createLatest, type Latest } from "./latest.ts";
import type { GenerateRequest, ModelInfo } from "../../core/explore/protocol.ts";
import { addressOf } from "../lib/address.ts";

/** A picture that has arrived. */
export interface Shown {
  url: string; // of a blob; revoked when the next one arrives
  kind: GenerateRequest["kind"];
  columns: number;
  rows: number;
  /** If the model draws lines: an SVG of each cell. */
  svgs: readonly string[];
  /** Time in the generating process. */
  generated: number; // milliseconds
  /** Time from the request to the picture. */
  total: number; // milliseconds
}

/** A loaded model and its pictures. */
export interface Generator {
  model: ModelInfo | null;
  backend: string | null;
  shown: Shown | null;
  /** Whether a picture, or another checkpoint of the run, is being loaded. */
  isBusy: boolean;
  dropped: number;
  problem: string | null;
  ask: (request: GenerateRequest) => void;
  /** Reloads the checkpoint, after something was saved with it. */
  reload: () => void;
}

/** A model, and the checkpoint that it is from. */
interface Loaded {
  run: string;
  imagesSeen: number;
  model: ModelInfo;
  backend: string;
}

/**
 * Loads a checkpoint and generates from it. While another checkpoint of the same run is loading,
 * the previous model is kept, so that the controls keep their values.
 * @param run id; null loads nothing
 * @param imagesSeen of the checkpoint
 */
export function useGenerator(run: string | null, imagesSeen: number | null): Generator {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [loads, setLoads] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const latest = useRef<Latest<GenerateRequest, Shown | null> | null>(null);

  useEffect(() => {
    setLoaded((before) => before?.run === run ? before : null);
    if (loaded?.run !== run) setShown(null);
    setProblem(null);
    setBusy(false);
    if (run === null || imagesSeen === null) return;
    const ending = new AbortController();
    const lane = crypto.randomUUID();
    post(addressOf("/api/explore/open"), { run, imagesSeen }, ending.signal)
      .then((response) => response.json())
      .then((info) => ending.signal.aborted || setLoaded({ run, imagesSeen, ...info }))
      .catch((error) => {
        if (ending.signal.aborted) return;
        setProblem(error.message);
        setShown(null); // it is from another checkpoint
      });
    latest.current = createLatest(
      (request, signal) => generate({ lane, run, imagesSeen, request }, signal),
      {
        onBusy: setBusy,
        onError: (error) => setProblem(error.message),
        onResult: (next) => {
          if (!next) return; // a newer request of this tab superseded it
          setProblem(null);
          setShown((before) => {
            if (before) URL.revokeObjectURL(before.url);
            return next;
          });
        },
      },
    );
    return () => {
      ending.abort();
      latest.current?.stop();
    };
  }, [run, imagesSeen, loads]);

  const mine = loaded?.run === run ? loaded : null;
  const isLoading = mine !== null && mine.imagesSeen !== imagesSeen;
  return {
    model: mine?.model ?? null,
    backend: mine?.backend ?? null,
    shown,
    isBusy: isBusy || (isLoading && problem === null),
    dropped: latest.current?.dropped ?? 0,
    problem,
    // The panel sends its request again when the model has loaded.
    ask: (request) => isLoading || latest.current?.ask(request),
    reload: () => setLoads((before) => before + 1),
  };
}

async function generate(
  body: { request: GenerateRequest; [key: string]: unknown },
  signal: AbortSignal,
): Promise<Shown | null> {
  const began = performance.now();
  const response = await post(addressOf("/api/explore/generate"), body, signal);
  if (response.status === 204) return null;
  const number = (name: string) => Number(response.headers.get(name));
  const { picture, svgs } = await read(response);
  return {
    url: URL.createObjectURL(picture),
    svgs,
    kind: body.request.kind,
    columns: number("x-columns"),
    rows: number("x-rows"),
    generated: number("x-milliseconds"),
    total: performance.now() - began,
  };
}

/** Reads the response of the route: a PNG, or a form with SVGs. */
async function read(response: Response): Promise<{ picture: Blob; svgs: string[] }> {
  if (!response.headers.get("content-type")?.startsWith("multipart/form-data")) {
    return { picture: await response.blob(), svgs: [] };
  }
  const form = await response.formData();
  const picture = form.get("picture");
  if (!(picture instanceof Blob)) throw new TypeError("Cannot show the picture: there is none");
  return { picture, svgs: form.getAll("svg").map(String) };
}
