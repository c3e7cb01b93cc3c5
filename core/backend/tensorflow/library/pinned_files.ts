/** The digests that a build's libraries must have, whatever a manifest in the cache says. */
import { libraryNames } from "../binding/open.ts";
import type { LibraryBuild } from "./cache.ts";
import { pinOf } from "./pins.ts";
import { cudaWheelsFor, wheelFor } from "./wheel.ts";

/**
 * @returns SHA-256 by path relative to TensorFlow's libraries; empty if no build fits this machine
 */
export function pinnedFiles(
  build: LibraryBuild,
  os: typeof Deno.build.os = Deno.build.os,
  arch: typeof Deno.build.arch = Deno.build.arch,
): Map<string, string> {
  const cpu = wheelFor(os, arch);
  const wheels = build === "cuda" ? cudaWheelsFor(os, arch) : cpu && [cpu];
  const files = (wheels ?? []).flatMap((wheel) => Object.entries(pinOf(wheel).files));
  return new Map(files.map(([path, sha256]) => [placeOf(path, os) ?? path, sha256]));
}

/** The path of a wheel's file relative to TensorFlow's libraries; undefined if it isn't needed. */
export function placeOf(
  path: string,
  os: typeof Deno.build.os = Deno.build.os,
): string | undefined {
  if (/^nvidia\/\w+\/lib\/[\w.-]+\.so[\d.]*$/.test(path)) return `../${path}`;
  return libraryNames(os).find((name) => path === `tensorflow/${name}`);
}
