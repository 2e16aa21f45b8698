import type { ChunkKey } from '../record/channel-record.js';

/** Picks one chunk in a statement whose first four parameters are `keyValues`. */
export const KEY = 'warning_id = $1 and version = $2 and act = $3 and chunk = $4';

/** The values of `KEY`. */
export const keyValues = ({ warningId, version, act, chunk }: ChunkKey): unknown[] => [
  warningId,
  version,
  act,
  chunk,
];
