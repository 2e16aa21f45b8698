import type { WorldRecord } from '../record/world-record.js';
import type { Faults } from './faults.js';

/** What every part of the practice world shares. `now` is milliseconds of the epoch. */
export type World = { record: WorldRecord; faults: Faults; now: () => number };
