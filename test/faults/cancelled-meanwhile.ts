import { setTimeout as sleep } from 'node:timers/promises';
import { floodContent } from '../../apps/standalone/src/exercise/flood-content.js';
import { Officers } from '../support/house/officers.js';
import { arrivedSoFar, evidenceOf } from './evidence.js';
import type { DoomedHouse } from './houses.js';
import { slowed } from './pace.js';
import { untilArrived } from './tale.js';
import { tally } from './tally.js';

/** What came of a channel that was away while its warning was cancelled. */
export type Meanwhile = {
  channel: string;
  /** Texts of the warning that it had sent before it was killed, and that it sent after it came back: 0 is promised. */
  before: number;
  after: number;
  /** Its cancel texts: to whoever got the warning, or may have. */
  cancels: number;
  broken: string[];
};

/** So long the texts of the warning would take, so that the channel has not sent them all when it is killed. */
const STEP_MS = 10_000;
/** So long after it came back and everything is settled it still has not sent anything. */
const QUIET_MS = 1_500;

/**
 * Kills the SMS channel after `share` of its texts (0: before the warning is issued), cancels while it is away, and brings it back.
 */
export async function cancelledMeanwhile(
  { house, victims, people }: DoomedHouse,
  share: number,
): Promise<Meanwhile> {
  const officers = new Officers(house);
  const victim = victims.find(({ name }) => name === 'channel-sms');
  if (victim === undefined) throw new Error('the channels must be processes of their own here');
  const from = await arrivedSoFar(house);
  const textsBefore = await arrivedSoFar(house, ['sms']);
  const { id, revision } = await officers.draft(
    await officers.incident('River Conwy flood, cancelled meanwhile'),
    floodContent('first', Date.now()),
  );
  if (share === 0) await victim.kill();
  const release = await slowed(house, ['sms'], people, STEP_MS);
  await officers.issue(id, revision);
  if (share > 0) {
    await untilArrived(house, textsBefore, Math.floor(share * people), ['sms']);
    await victim.kill();
  }
  await release();
  await officers.settled(id, 1, ['social', 'email']);
  const warnings = async () => {
    const { rows, texts, arrived } = await evidenceOf(house, id, from);
    const acts = new Map(rows.map(({ deliveryId, act }) => [deliveryId, act]));
    const all = arrived.filter((one) => one.fact === 'text');
    const cancels = all.filter(
      (one) => acts.get(texts.get(`${one.to} ${one.key}`) ?? '') === 'cancel',
    ).length;
    return { warned: all.length - cancels, cancels };
  };
  const before = await warnings();
  await officers.ask(202, 'author', 'POST', `/v1/warnings/${id}/cancel`, {
    reason: 'it was for another river',
  });
  await victim.bringBack();
  await officers.settled(id, 1, ['sms']);
  await officers.settled(id, 0, before.warned === 0 ? ['social', 'email'] : ['social', 'email', 'sms']);
  await sleep(QUIET_MS);
  const after = await warnings();
  // What was withdrawn before the channel came back it no longer plans for anybody: of its warning nothing is owed.
  const { broken } = tally(await evidenceOf(house, id, from), ['cancel']);
  return {
    channel: 'sms',
    before: before.warned,
    after: after.warned - before.warned,
    cancels: after.cancels,
    broken,
  };
}
