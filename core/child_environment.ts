/**
 * What a process that Cambium starts is given of this one's environment: what it needs, and no
 * more.
 */

/** Every process: where things are, how the network is reached, how text is written. */
const EVERYONE = [
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|TEMP|TMP|XDG_(CACHE|CONFIG|DATA)_HOME|LANG|LANGUAGE|LC_\w+|TZ|NO_COLOR)$/,
  // Windows writes them in any case
  /^(PATH|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|SYSTEMROOT|SYSTEMDRIVE|COMSPEC|PATHEXT|WINDIR|TEMP|TMP)$/i,
  /^(HTTPS?|NO|ALL|FTP)_PROXY$/i,
  // certificates of a network's own authority, by everybody's names
  /^\w*(SSL_CERT_(FILE|DIR)|CA_BUNDLE|CA_CERTS)$/,
];

/**
 * What Deno itself reads: its cache, certificates, and the registry of npm packages with what opens
 * it.
 */
export const DENO_NAMES =
  /^(DENO_(DIR|CERT|TLS_CA_STORE|AUTH_TOKENS|NO_UPDATE_CHECK)|JSR_URL|NPM_\w+|NODE_AUTH_TOKEN)$/i;

/** What Python and pip read: which Python it is, the mirror, its certificates. */
export const PYTHON_NAMES = /^(PIP_\w+|PYENV_\w+|VIRTUAL_ENV|CONDA_\w+|NETRC)$/;

/**
 * What computing depends on: which GPUs are seen, where libraries and weights are, how they
 * compute.
 */
export const COMPUTE_NAMES =
  /^(CAMBIUM_(CACHE|TENSORFLOW|DEBUG|TEST_BACKEND)|KERAS_HOME|(CUDA|NVIDIA|TF|XLA|ONEDNN|DNNL|OMP|KMP|VK|MESA|LIBGL|WGPU)_\w+|(LD|DYLD|DYLD_FALLBACK)_LIBRARY_PATH)$/;

/**
 * For `Deno.Command`'s `env` beside `clearEnv: true`. Tokens and keys of other programs stay here.
 * @param more names beside those of every process
 * @param own values that are set whatever this process has
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
