import { recordMigrations } from '#postgres';
import { Approved1764100000000 } from './approved.migration.js';
import { ApprovedBefore1764300000000 } from './approved-before.migration.js';
import { Arrival1763700300000 } from './arrival.migration.js';
import { Channel1763700100000 } from './channel.migration.js';
import { LaterFacts1763700200000 } from './later-facts.migration.js';
import { StandsAlone1764200000000 } from './stands-alone.migration.js';
import { Taken1764400000000 } from './taken.migration.js';

/** What every channel's schema needs; a list channel adds `subscriberMigrations` of `#audience`. In the order of their stamps, as they run. */
export const channelMigrations = [
  Channel1763700100000,
  LaterFacts1763700200000,
  Arrival1763700300000,
  ...recordMigrations,
  Approved1764100000000,
  StandsAlone1764200000000,
  ApprovedBefore1764300000000,
  Taken1764400000000,
] as const;
