import { PRACTICE_ACCOUNTS } from '#practice';
import type { RunningHouse } from '../support/house/form.js';
import type { TalliedChannel } from './tally.js';

/** So long the sending of one step takes then: whoever looks late on a busy machine still finds work to interrupt. */
const STEP_MS = 4_000;
/** Sent side by side as the services come: `SMTP_CONNECTIONS`, `SMPP_WINDOW`, and posts one per account. */
const SIDE_BY_SIDE = { email: 5, sms: 10 } as const;

/** How much a step brings by these channels, nobody refusing: one for each person of a list, and a post for each account. */
export function due(channels: readonly TalliedChannel[], people: number): number {
  return channels.reduce((sum, one) => sum + (one === 'social' ? PRACTICE_ACCOUNTS.length : people), 0);
}

/**
 * The other side answers slowly from now on, so that a step of so many people takes some seconds and a kill falls into it. What it
 * answers, and when it has stored what came, stays as it was. The answer gives it back its speed.
 */
export async function slowed(
  house: RunningHouse,
  channels: readonly TalliedChannel[],
  people: number,
  stepMs = STEP_MS,
): Promise<() => Promise<void>> {
  const faults = `${house.urls.practice}/practice/faults`;
  const platforms = channels.flatMap((one) =>
    one === 'social' ? (['mastodon', 'bluesky'] as const) : [one],
  );
  for (const channel of platforms) {
    const sideBySide = channel === 'email' || channel === 'sms' ? SIDE_BY_SIDE[channel] : people;
    const order = { channel, kind: 'slow', count: null, ms: Math.ceil((stepMs * sideBySide) / people) };
    const answer = await fetch(faults, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
    if (!answer.ok) throw new Error(`the practice world does not slow ${channel}: ${await answer.text()}`);
  }
  return async () => void (await fetch(faults, { method: 'DELETE' }));
}
