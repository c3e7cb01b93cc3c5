/// <reference lib="dom" />
/** The generator as a page sees it: ask for the newest, hear what came and how fast. */
import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "../live/change.ts";
import { createLatest, type Latest } from "./latest.ts";
import type { GenerateRequest, ModelInfo } from "../../core/explore/protocol.ts";

/** A picture that arrived. */
export interface Shown {
  url: string; // of a blob; revoked when the next one comes
  /** What was asked for. */
  kind: GenerateRequest["kind"];
  columns: number;
  rows: number;
  /** In the generating process. */
  generated: number; // milliseconds
  /** From asking to having it. */
  total: number; // milliseconds
}

/** A loaded model and its pictures. */
export interface Generator {
  model: ModelInfo | null;
  backend: string | null;
  shown: Shown | null;
  isBusy: boolean;
  dropped: number;
  problem: string | null;
  ask: (request: GenerateRequest) => void;
}

/**
 * Loads a checkpoint and generates from it.
 * @param run id; null loads nothing
 * @param imagesSeen of the checkpoint
 */
export function useGenerator(run: string | null, imagesSeen: number | null): Generator {
  const [model, setModel] = useState<{ model: ModelInfo; backend: string } | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const latest = useRef<Latest<GenerateRequest, Shown | null> | null>(null);

  useEffect(() => {
    setModel(null);
    setProblem(null);
    if (run === null || imagesSeen === null) return;
    const ending = new AbortController();
    const lane = crypto.randomUUID();
    post("/api/explore/open", { run, imagesSeen }, ending.signal)
      .then((response) => response.json())
      .then(setModel)
      .catch((error) => ending.signal.aborted || setProblem(error.message));
    latest.current = createLatest(
      (request, signal) => generate({ lane, run, imagesSeen, request }, signal),
      {
        onBusy: setBusy,
        onError: (error) => setProblem(error.message),
        onResult: (next) => {
          if (!next) return; // a newer request of this tab won
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
  }, [run, imagesSeen]);

  return {
    model: model?.model ?? null,
    backend: model?.backend ?? null,
    shown,
    isBusy,
    dropped: latest.current?.dropped ?? 0,
    problem,
    ask: (request) => latest.current?.ask(request),
  };
}

async function generate(
  body: { request: GenerateRequest; [key: string]: unknown },
  signal: AbortSignal,
): Promise<Shown | null> {
  const began = performance.now();
  const response = await post("/api/explore/generate", body, signal);
  if (response.status === 204) return null;
  const number = (name: string) => Number(response.headers.get(name));
  const blob = await response.blob();
  return {
    url: URL.createObjectURL(blob),
    kind: body.request.kind,
    columns: number("x-columns"),
    rows: number("x-rows"),
    generated: number("x-milliseconds"),
    total: performance.now() - began,
  };
}
