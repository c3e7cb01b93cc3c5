/** Whether WebGPU can be tested on this machine. */

/**
 * Looks for an adapter. If there is none, it says so and the tests are skipped, because a machine
 * may have no driver. Debian's mesa-vulkan-drivers includes one that needs no GPU.
 */
export async function hasAdapter(): Promise<boolean> {
  if (await navigator.gpu?.requestAdapter()) return true;
  console.warn(
    "WebGPU is not tested: expected an adapter, received none. " +
      'Install one with "apt-get install -y mesa-vulkan-drivers"',
  );
  return false;
}
