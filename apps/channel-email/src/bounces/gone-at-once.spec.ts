import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { DeliveryId } from '#contracts';
import { silentLog } from '#runtime';
import { GoneAtOnce, mostGone } from './gone-at-once.js';

const FIRST = `dlv_${'1'.repeat(32)}` as DeliveryId;
const OTHER = `dlv_${'2'.repeat(32)}` as DeliveryId;

/** Two warnings, of each of which so many mails were accepted; a report is counted before it is asked about. */
function sendings(accepted: number) {
  const returned = new Map<string, number>();
  const counts: string[] = []; // the places that were counted
  const told: string[] = []; // those of which the log says that something is wrong
  const counting = { fails: false, accepted };
  const returnedOf = async (place: string) => {
    counts.push(place);
    if (counting.fails) throw new Error('the database is away');
    return { accepted: counting.accepted, returned: returned.get(place) ?? 0 };
  };
  const placeOf = async (deliveryId: string) => (deliveryId === FIRST ? 'wrn_1 1 issue' : 'wrn_2 1 issue');
  const gone = new GoneAtOnce(
    { placeOf, returnedOf },
    { ...silentLog, error: ({ of }) => void told.push(String(of)) },
  );
  const report = async (deliveryId = FIRST) => {
    const place = await placeOf(deliveryId);
    returned.set(place, (returned.get(place) ?? 0) + 1);
    return gone.isBelieved(deliveryId);
  };
  const believedOf = async (reports: number) => {
    let believed = 0;
    for (let n = 0; n < reports; n += 1) believed += Number(await report());
    return believed;
  };
  return { report, believedOf, counting, counts, told };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('reports that addresses are gone', () => {
  it.each([
    [100, 20, 'a fifth of them'],
    [5, 3, 'three of a short list'],
    [0, 3, 'three also where the first come back before any was taken'],
  ])('of %i mails: %i are believed: %s', async (accepted, most) => {
    expect(Math.floor(mostGone(accepted))).toBe(most);
    expect(await sendings(accepted).believedOf(most + 40)).toBe(most);
  });

  it('of one warning say nothing against those of another', async () => {
    const { report, believedOf } = sendings(100);
    await believedOf(60);
    expect([await report(FIRST), await report(OTHER)]).toEqual([false, true]);
  });

  it('are not counted anew for each of them: that would slow the sending', async () => {
    const { believedOf, counts } = sendings(100_000);
    expect(await believedOf(2_000)).toBe(2_000);
    expect(counts).toHaveLength(1);
  });

  it('are counted anew after some seconds, as other processes take reports and more mails leave', async () => {
    const { report, believedOf, counting } = sendings(0);
    await believedOf(10);
    counting.accepted = 100;
    expect(await report()).toBe(false);
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 6_000);
    expect(await report()).toBe(true);
  });

  it('are said aloud once for each warning when there are too many', async () => {
    const { report, believedOf, told } = sendings(10);
    await believedOf(50);
    for (let n = 0; n < 10; n += 1) await report(OTHER);
    expect(told).toEqual(['wrn_1 1 issue', 'wrn_2 1 issue']);
  });

  it('can be asked about again when they could not be counted', async () => {
    const { report, counting } = sendings(100);
    counting.fails = true;
    await expect(report()).rejects.toThrow('the database is away');
    counting.fails = false;
    expect(await report()).toBe(true);
  });
});
