/** What a process that Cambium starts is given of this one's environment: what it needs, and no more. */

/** Every process: where things are, how the network is reached, how text is written. */
const EVERYONE =
  /^(PATH|HOME|USER|LOGNAME|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|SYSTEMROOT|SYSTEMDRIVE|COMSPEC|PATHEXT|WINDIR|TMPDIR|TEMP|TMP|XDG_(CACHE|CONFIG|DATA)_HOME|LANG|LANGUAGE|LC_\w+|TZ|NO_COLOR|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL|FTP)_PROXY)$/i;

/** What Deno itself reads: its cache, certificates, and the registry of npm packages with what opens it. */
export const DENO_NAMES =
  /^(DENO_(DIR|CERT|TLS_CA_STORE|AUTH_TOKENS|NO_UPDATE_CHECK)|JSR_URL|NPM_\w+|NODE_AUTH_TOKEN|NODE_EXTRA_CA_CERTS)$/i;

/** What Python and pip read: which Python it is, the mirror, its certificates. */
export const PYTHON_NAMES =
  /^(PIP_\w+|PYENV_\w+|VIRTUAL_ENV|CONDA_\w+|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NETRC)$/i;

/** What computing depends on: which GPUs are seen, where libraries are, how they compute. */
export const COMPUTE_NAMES =
  /^(CAMBIUM_(CACHE|TENSORFLOW|DEBUG)|CUDA_\w+|NVIDIA_\w+|TF_\w+|XLA_\w+|ONEDNN_\w+|DNNL_\w+|OMP_\w+|KMP_\w+|LD_LIBRARY_PATH|DYLD_(FALLBACK_)?LIBRARY_PATH|(VK|MESA|LIBGL|WGPU)_\w+)$/i;

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
  const wanted = [EVERYONE, ...[more].flat()];
  const given = Object.entries(from).filter(([name]) => wanted.some((names) => names.test(name)));
  return { ...Object.fromEntries(given), ...own };
}
