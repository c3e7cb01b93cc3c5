/** What the libraries of a build must be, whatever a manifest in the cache says. */
import { libraryNames } from "../binding/open.ts";
import type { LibraryBuild } from "./cache.ts";
import { pinOf } from "./pins.ts";
import { cudaWheelsFor, wheelFor } from "./wheel.ts";

/**
 * @returns SHA-256 by the place seen from TensorFlow's libraries; empty where no build fits this
 * machine
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

/** Where a wheel's file goes, seen from TensorFlow's libraries; undefined: it isn't needed. */
export function placeOf(
  path: string,
  os: typeof Deno.build.os = Deno.build.os,
): string | undefined {
  if (/^nvidia\/\w+\/lib\/[\w.-]+\.so[\d.]*$/.test(path)) return `../${path}`;
  return libraryNames(os).find((name) => path === `tensorflow/${name}`);
}
