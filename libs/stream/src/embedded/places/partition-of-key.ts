// FNV-1a, 32 bits: draft-eastlake-fnv §5.
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** The partition of a key, the same in every process and build: FNV-1a over its UTF-8 bytes, modulo the partitions. */
export function partitionOfKey(key: string, partitions: number): number {
  let hash = OFFSET_BASIS;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, PRIME);
  return (hash >>> 0) % partitions;
}
