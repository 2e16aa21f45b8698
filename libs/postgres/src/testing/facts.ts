import { type NewEvent, toInstant } from '#contracts';

/** A fact for tests of the record itself, where what it says does not matter. */
export const fact = (streamId: string, revision: number, note = ''): NewEvent => ({
  streamId,
  revision,
  type: 'WarningDrafted',
  time: toInstant('2026-11-21T10:00:00.000Z'),
  actor: 'ann',
  traceparent: null,
  body: { type: 'WarningDrafted', note },
});
