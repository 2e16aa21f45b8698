import { Follower, type FollowedWorld } from '../service/follower.js';
import type { Archive } from './archive.js';
import { ARCHIVE_LINGER_MS, keepIn } from './keep.js';

/** Brings what the house publishes on `topics` into the archive of one app, as the group of that app. */
export function archiveKeeper(
  archive: Archive,
  world: FollowedWorld,
  app: string,
  topics: readonly string[],
): Follower {
  return new Follower(world, app, { topics, group: app, lingerMs: ARCHIVE_LINGER_MS }, keepIn(archive));
}
