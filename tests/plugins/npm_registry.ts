/**
 * A registry with one package on this machine, so that a test can load a plugin as people share
 * them.
 */

/** A package as its author has it. */
export interface NpmPackage {
  name: string;
  version: string;
  /** Text by path, besides package.json. */
  files: Readonly<Record<string, string>>;
  main: string;
}

/** A registry that serves until it is closed. */
export interface NpmRegistry {
  /** Ends with a slash. */
  url: string;
  close(): Promise<void>;
}

/** Serves a package as `npm publish` would publish it. */
export async function serveNpmPackage(published: NpmPackage): Promise<NpmRegistry> {
  const { name, version, files, main } = published;
  const manifest = { name, version, type: "module", main };
  const archive = await gzip(
    tar({ "package.json": JSON.stringify(manifest), ...files }),
  );
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", archive));
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname, origin } = new URL(request.url);
    if (decodeURIComponent(pathname) === `/${name}`) {
      const dist = {
        tarball: `${origin}/archive.tgz`,
        integrity: "sha512-" + digest.toBase64(),
      };
      const versions = { [version]: { ...manifest, dist } };
      return Response.json({ name, "dist-tags": { latest: version }, versions });
    }
    if (pathname === "/archive.tgz") return new Response(archive);
    return new Response("no such package", { status: 404 });
  });
  return { url: `http://127.0.0.1:${server.addr.port}/`, close: () => server.shutdown() };
}

const BLOCK = 512;

/** An archive in ustar format (POSIX.1-1988), with everything in the folder "package". */
function tar(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const [path, text] of Object.entries(files)) {
    const content = encoder.encode(text), header = new Uint8Array(BLOCK);
    const write = (at: number, field: string) => header.set(encoder.encode(field), at);
    const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
    write(0, `package/${path}`);
    write(100, octal(0o644, 7));
    write(124, octal(content.length, 11));
    write(136, octal(0, 11)); // the time
    write(148, " ".repeat(8)); // the checksum field, which counts as spaces
    write(156, "0"); // a regular file
    write(257, "ustar\0" + "00");
    write(148, octal(header.reduce((sum, byte) => sum + byte), 6) + "\0");
    const padded = new Uint8Array(Math.ceil(content.length / BLOCK) * BLOCK);
    padded.set(content);
    parts.push(header, padded);
  }
  parts.push(new Uint8Array(2 * BLOCK));
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
