/// <reference lib="dom" />
/** Projecting a picture, as the page follows it. */
import type { ProjectRequest } from "../../core/explore/protocol.ts";
import { addressOf } from "../lib/address.ts";
import { post } from "../live/change.ts";

/** A line of the response: the progress, then the picture's name or what went wrong. */
export type ProjectLine =
  | { what: string; fraction: number }
  | { name: string }
  | { problem: string };

/**
 * Has a picture projected into w.
 * @returns its name
 * @throws Error with a message for the user
 */
export async function projectPicture(
  model: { run: string; imagesSeen: number },
  request: ProjectRequest,
  onProgress: (what: string, fraction: number) => void,
): Promise<string> {
  const response = await post(addressOf("/api/explore/project"), { ...model, request });
  // a POST response has a body
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const lines = (rest + value).split("\n");
    rest = lines.pop()!; // split() returns at least one element
    for (const text of lines) {
      const line = JSON.parse(text) as ProjectLine; // from our own server
      if ("name" in line) return line.name;
      if ("problem" in line) throw new Error(line.problem);
      onProgress(line.what, line.fraction);
    }
  }
  throw new Error("The search ended without an answer: the generating process has stopped.");
}
