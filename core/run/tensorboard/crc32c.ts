/** CRC-32C (Castagnoli; RFC 3720, appendix B.4), as used in TFRecord files. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc;
});

/** @returns the checksum as an unsigned 32-bit integer */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  // the table has 256 entries
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

/**
 * The masked checksum of TFRecord files: rotated right by 15 bits, plus a constant (TensorFlow,
 * crc32c.h).
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
