/** Where a text can go, as far as counting is concerned. */
export const PLATFORMS = [
  'x',
  'bluesky',
  'mastodon',
  'threads',
  'facebook',
  'instagram',
  'telegram',
  'whatsapp',
  'linkedin',
  'ntfy',
  'webpush',
  'sms',
  'cellbroadcast',
  'email-subject',
  'email',
] as const;

export type Platform = (typeof PLATFORMS)[number];

/** Whether a name is one of a platform that we can count for. */
export const isPlatform = (name: string): name is Platform => (PLATFORMS as readonly string[]).includes(name);

/** The fields of a WhatsApp message that have a limit of their own. */
export type WhatsappField = 'text' | 'template' | 'header' | 'footer' | 'caption' | 'button';

/**
 * The documented limits, each in the unit that its platform counts. They are defaults: what an account reports of itself
 * is handed in beside the text and wins.
 */
export const BUDGETS = {
  /** Weight; docs.x.com "Counting characters", twitter-text configuration v3. */
  x: { max: 280, urlCost: 23 },
  /** Graphemes and UTF-8 bytes, both enforced; lexicon `app.bsky.feed.post`. */
  bluesky: { max: 300, maxBytes: 3000 },
  /** Graphemes; `configuration.statuses` of `GET /api/v2/instance`, here with its defaults. */
  mastodon: { max: 500, urlCost: 23 },
  /** Characters, and different links; Threads API "Posts". */
  threads: { max: 500, maxLinks: 5 },
  /** UTF-16 units; in no page of Meta's, from what other tools found. */
  facebook: { max: 63_206 },
  /** UTF-16 units, the strictest reading. */
  instagram: { max: 2_200 },
  /** UTF-16 units of the rendered text; Bot API `sendMessage` and captions. */
  telegram: { max: 4096, caption: 1024 },
  /** UTF-16 units; `maxLength` of the Business Messaging API v23. */
  whatsapp: { text: 4096, template: 1024, header: 60, footer: 60, caption: 1024, button: 20 },
  /** Code points on the wire, escapes included; little Text Format. */
  linkedin: { max: 3000 },
  /** UTF-8 bytes; above it ntfy 2.11 makes the text an attachment. */
  ntfy: { max: 4096 },
  /** UTF-8 bytes of plain text: 4096 less the 103 that aes128gcm adds (RFC 8188, RFC 8291). */
  webpush: { max: 3993 },
  /** Parts; ours. */
  sms: { maxParts: 6 },
  /** Graphemes; ours (RFC 5322 §2.1.1 wants lines of 78). */
  'email-subject': { max: 70 },
  /** UTF-16 units of a mail's body; ours, far above any warning, so that nothing is unbounded. */
  email: { max: 100_000 },
} as const;
