import { beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, topics, type WarningEvent, type WarningId } from '#contracts';
import type { Database } from '#postgres';
import { silentLog } from '#runtime';
import type { StreamMessage } from '#stream';
import { cancelled, issued, listTexts, messageOf, warning } from '../testing/index.js';
import { ApprovedBefore } from './approved-before.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const TOPIC = topics('exercise').warnings;
const version = (number: number, of = 1) =>
  issued({
    warningId: warning(of),
    version: number,
    at: AT,
    expiresAt: toInstant('2026-11-21T16:00:00.000Z'),
    composed: listTexts('sms', number),
  });

let missing: { warningId: WarningId; version: number }[];
/** What stands in each partition; the first `deleted` events of each are not kept any more. */
let partitions: StreamMessage[][];
let deleted: number;
let reads: number;
let raised: string[];
let said: { level: string; about: object }[];
let before: ApprovedBefore;
beforeEach(() => {
  [missing, partitions, deleted, reads, raised, said] = [[], [[]], 0, 0, [], []];
  const say = (level: string) => (about: object) => void said.push({ level, about });
  before = new ApprovedBefore({
    db: { query: () => Promise.resolve(missing) } as unknown as Database,
    stream: {
      endOffsets: () => Promise.resolve(new Map(partitions.map((all, n) => [n, BigInt(all.length)]))),
      read: ({ partition, offset, limit }) => {
        reads += 1;
        const from = Math.max(Number(offset), deleted);
        return Promise.resolve((partitions[partition] ?? []).slice(from, from + limit));
      },
    },
    gates: {
      raise: (event, wish) => {
        raised.push(`${event.warningId} v${event.version} ${String(wish)}`);
        return Promise.resolve(undefined);
      },
    },
    at: { schema: 'channel_sms', mode: 'exercise', channel: 'sms' },
    log: { ...silentLog, info: say('info'), error: say('error') },
  });
});
const stands = (...events: (WarningEvent | Record<string, unknown> | string)[]): StreamMessage[] =>
  events.map((event, n) => messageOf(TOPIC, n, event));
const find = (stop = new AbortController().signal) => before.find(stop);

describe('what an earlier build stored', () => {
  it('is looked for only when something has no hashes: the stream is not read at an ordinary start', async () => {
    partitions = [stands(version(1))];
    await find();
    expect([reads, raised, said]).toEqual([0, [], []]);
  });

  it('is held against its own event, wherever it lies, and against nothing else', async () => {
    missing = [
      { warningId: warning(1), version: 2 },
      { warningId: warning(2), version: 1 },
    ];
    partitions = [stands(version(1), version(2), version(3)), [], stands(version(2, 2), version(1, 2))];
    await find();
    expect(raised).toEqual([`${warning(1)} v2 here`, `${warning(2)} v1 here`]);
    expect(said).toEqual([{ level: 'info', about: { found: 2 } }]);
  });

  it('is read page by page, beginning at the oldest event that is kept, and no further than the last one that is missing', async () => {
    missing = [{ warningId: warning(1), version: 1 }];
    const others = Array.from({ length: 700 }, (_, n) => cancelled({ warningId: warning(n + 10), at: AT }));
    partitions = [stands(...others.slice(0, 450), version(1), ...others.slice(450)), stands(...others)];
    deleted = 30;
    await find();
    expect([reads, raised]).toEqual([3, [`${warning(1)} v1 here`]]);
  });

  it.each<[string, WarningEvent | Record<string, unknown> | string]>([
    ['one whose text was changed', { ...version(1), composed: listTexts('sms', 2) }],
    ['one whose area was changed', { ...version(1), areaHash: '0'.repeat(64) }],
    ['one of the live world', { ...version(1), mode: 'live' }],
    ['bytes that nobody can read', 'WarningIssued'],
    ['a type of tomorrow', { type: 'WarningTranslated', warningId: warning(1), version: 1 }],
  ])(
    'is not held against %s: the operator is told which, and the genuine one is looked for behind it',
    async (_, event) => {
      missing = [{ warningId: warning(1), version: 1 }];
      partitions = [stands(event)];
      await find();
      expect(raised).toEqual([]);
      expect(said.at(-1)).toEqual({ level: 'error', about: { versions: [`${warning(1)} v1`] } });
      partitions = [stands(event, version(1))];
      await find();
      expect(raised).toEqual([`${warning(1)} v1 here`]);
    },
  );

  it('is left for the next start when the process is told to stop', async () => {
    missing = [{ warningId: warning(1), version: 1 }];
    partitions = [stands(version(1))];
    await find(AbortSignal.abort());
    expect([raised, said]).toEqual([[], []]);
  });
});
