import type { BlueskySettings } from './bluesky/routes.js';
import type { MastodonSettings } from './mastodon/routes.js';
import type { PracticeAccount } from './platform/account.js';
import type { Population } from './public/seeded-public.js';
import type { SmscSettings } from './sms/smsc.js';

/** Where bounces and notes from mailboxes go. `privateNetwork` allows RFC 1918 addresses besides this machine. */
export type BounceTo = { host: string; port: number; privateNetwork?: boolean };

/** What a world is told. Everything but its folder and its seed has a default. */
export type PracticeWorldOptions = {
  /** A folder of its own; made when missing. What lies there is remembered. One world at a time. */
  dataDir: string;
  /** The public's seed: the same seed, the same figures. */
  seed: string;
  /** Where the doors open. Loopback unless a private network of containers needs otherwise. */
  host?: string;
  /** 0 or missing: a free port. */
  ports?: { http?: number; smtp?: number; smpp?: number };
  /** Missing: nothing comes back by mail. */
  bounceTo?: BounceTo;
  /** So long after a mail its bounce leaves. */
  bounceAfterMs?: number;
  /** In how many milliseconds the public has reacted to a post. */
  reactionsMs?: number;
  population?: Partial<Population>;
  accounts?: readonly PracticeAccount[];
  mastodon?: Partial<MastodonSettings>;
  bluesky?: Partial<BlueskySettings>;
  sms?: Partial<SmscSettings>;
  /** Milliseconds of the epoch; tests move it. */
  now?: () => number;
};
