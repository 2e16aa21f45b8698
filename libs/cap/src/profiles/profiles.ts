import { australia, canada, ipaws } from './national-profiles.js';
import { google, ours, publishable } from './public-profiles.js';
import type { Profile } from './rule.js';

/** Every profile by its name: data, so that a further country is a further entry. */
export const PROFILES = { publishable, google, ipaws, canada, australia, ours } as const satisfies Record<
  string,
  Profile
>;
