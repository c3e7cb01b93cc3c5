/** Whether WebGPU can be tested here. */

/**
 * Looks for an adapter; says so where there is none, for its tests are left out then: a machine may
 * have no driver for it. Debian's mesa-vulkan-drivers has one that needs no GPU.
 */
export async function hasAdapter(): Promise<boolean> {
  if (await navigator.gpu?.requestAdapter()) return true;
  console.warn(
    "WebGPU is not tested: expected an adapter, received none. " +
      'Install one with "apt-get install -y mesa-vulkan-drivers"',
  );
  return false;
}
