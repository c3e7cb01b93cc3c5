/** Environment variables for child processes: only those that they need. */

/** For every process: paths, network proxies and certificates, locale. */
const EVERYONE = [
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|TEMP|TMP|XDG_(CACHE|CONFIG|DATA)_HOME|LANG|LANGUAGE|LC_\w+|TZ|NO_COLOR)$/,
  // on Windows names are case-insensitive
  /^(PATH|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|SYSTEMROOT|SYSTEMDRIVE|COMSPEC|PATHEXT|WINDIR|TEMP|TMP)$/i,
  /^(HTTPS?|NO|ALL|FTP)_PROXY$/i,
  // certificates of a private authority, under the names of various programs
  /^\w*(SSL_CERT_(FILE|DIR)|CA_BUNDLE|CA_CERTS)$/,
];

/** Read by Deno itself: its cache, certificates, and the npm registry with its credentials. */
export const DENO_NAMES =
  /^(DENO_(DIR|CERT|TLS_CA_STORE|AUTH_TOKENS|NO_UPDATE_CHECK)|JSR_URL|NPM_\w+|NODE_AUTH_TOKEN)$/i;

/** Read by Python and pip: the environment, the package mirror, its certificates. */
export const PYTHON_NAMES = /^(PIP_\w+|PYENV_\w+|VIRTUAL_ENV|CONDA_\w+|NETRC)$/;

/** For computing: visible GPUs, locations of libraries and weights, numerical settings. */
export const COMPUTE_NAMES =
  /^(CAMBIUM_(CACHE|TENSORFLOW|DEBUG|TEST_BACKEND)|KERAS_HOME|(CUDA|NVIDIA|TF|XLA|ONEDNN|DNNL|OMP|KMP|VK|MESA|LIBGL|WGPU)_\w+|(LD|DYLD|DYLD_FALLBACK)_LIBRARY_PATH)$/;

/**
 * A value for `Deno.Command`'s `env`, to be used with `clearEnv: true`. Tokens and keys of other
 * programs are not passed on.
 * @param more further names to pass on
 * @param own values to set, overriding those of this process
 */
export function childEnvironment(
  more: RegExp | readonly RegExp[] = [],
  own: Readonly<Record<string, string>> = {},
  from: Readonly<Record<string, string>> = Deno.env.toObject(),
): Record<string, string> {
  const wanted = [...EVERYONE, ...[more].flat()];
  const given = Object.entries(from).filter(([name]) => wanted.some((names) => names.test(name)));
  return { ...Object.fromEntries(given), ...own };
}
