import type { ComposedText, WarningContent } from '#contracts';
import { mastodon, minute, sender } from './people.js';

/** A flood warning as an author finishes it: whole, two channels, two hours to run. */
export const flood: WarningContent = {
  kind: 'warning',
  message: 'first',
  event: 'Flood Warning',
  category: 'Met',
  urgency: 'Immediate',
  severity: 'Severe',
  certainty: 'Likely',
  responseTypes: ['Prepare'],
  texts: {
    'en-GB': {
      source: 'Derbyshire Police',
      hazard: 'The river is over its banks.',
      impact: 'Homes beside the river may flood.',
      place: 'Whaley Bridge, Buxton Road and Canal Street',
      guidance: 'Move upstairs or to higher ground now.',
    },
  },
  area: {
    geometry: {
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [-1.99, 53.32],
            [-1.97, 53.32],
            [-1.97, 53.34],
            [-1.99, 53.34],
            [-1.99, 53.32],
          ],
        ],
      ],
    },
    description: { 'en-GB': 'Whaley Bridge' },
  },
  channels: ['social', 'sms'],
  expiresAt: minute(120),
  nextUpdateAt: minute(60),
};

/** The next words about the same flood. */
export const update: WarningContent = {
  ...flood,
  message: 'update',
  expiresAt: minute(240),
  nextUpdateAt: minute(180),
};
/** The flood is over: the danger, the people, what to do, and how it came about. */
export const allClear: WarningContent = {
  ...flood,
  message: 'all-clear',
  urgency: 'Past',
  texts: {
    'en-GB': {
      source: 'Derbyshire Police',
      hazard: 'The flood is over. You are safe.',
      place: 'Whaley Bridge, Buxton Road and Canal Street',
      guidance: 'You can return home.',
      resolved: 'The river fell overnight.',
    },
  },
};

const sha = (digit: string) => digit.repeat(64);

/** The hashes of one submission, told apart by one hex digit. */
export const hashes = (digit: string) => ({ contentHash: sha(digit), areaHash: sha('0') });

/** What an approver sees: for each account the text that is sent and the text that would withdraw it. */
export const composed: ComposedText[] = (
  [
    [mastodon, 'social', 'mastodon'],
    [sender, 'sms', 'sms'],
  ] as const
).flatMap(([accountId, channel, platform]) =>
  (['issue', 'cancel'] as const).map((act) => ({
    accountId,
    channel,
    platform,
    language: 'en-GB',
    act,
    variant: act === 'issue' ? ('first' as const) : ('alone' as const),
    parts: [{ text: `${act} on ${platform}`, sha256: sha('9') }],
    leftOut: [],
  })),
);
