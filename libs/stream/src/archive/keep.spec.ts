import { describe, expect, it } from '@jest/globals';
import { toInstant, wrap } from '#contracts';
import { incidentNo, warningNo } from '#contracts/testing';
import type { Batch, StreamMessage } from '../event-stream.js';
import { keepIn } from './keep.js';

/** An event of ours, of whichever type and with whichever bytes. */
function event(
  offset: number,
  { type = 'DraftEdited', value }: { type?: string; value?: Uint8Array } = {},
): StreamMessage {
  const streamId = warningNo(1);
  const envelope = wrap(
    {
      position: 1n,
      streamId,
      revision: offset + 1,
      type,
      time: toInstant('2026-11-21T10:00:00Z'),
      actor: 'ann',
      traceparent: null,
      body: { type, incidentId: incidentNo(1) },
    },
    'incident-command',
    streamId,
  );
  return {
    topic: 'exercise.warnings.v1',
    partition: 0,
    offset: BigInt(offset),
    key: envelope.key,
    value: value ?? new TextEncoder().encode(envelope.value),
    headers: envelope.headers,
    eventId: `${streamId}@${offset + 1}`,
  };
}

/** What became of a batch, in order. */
async function kept(
  messages: readonly StreamMessage[],
  add: (given: readonly StreamMessage[]) => Promise<number> = async () => 0,
) {
  const steps: string[] = [];
  const batch: Batch = {
    messages,
    done: async ({ offset }) => void steps.push(`done ${offset}`),
    park: async ({ offset }, why) => void steps.push(`parked ${offset}: ${why}`),
    beat: async () => undefined,
    signal: new AbortController().signal,
  };
  const handle = keepIn({
    add: async (given) => {
      steps.push(`kept ${given.map(({ offset }) => offset).join(' ')}`);
      return add(given);
    },
  });
  const failed = await handle(batch).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { steps, failed };
}
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a consumer that keeps everything', () => {
  it('keeps a whole batch at once, and only then calls it done', async () =>
    expect((await kept([event(0), event(1), event(2)])).steps).toEqual([
      'kept 0 1 2',
      'done 0',
      'done 1',
      'done 2',
    ]));

  it('keeps an event of a type that this build does not know', async () =>
    expect((await kept([event(0, { type: 'SirenSounded' })])).steps).toEqual(['kept 0', 'done 0']));

  it('keeps an event whose body has another shape than today: it is read by whoever comes later', async () =>
    expect((await kept([event(0, { value: bytes('{}') })])).steps).toEqual(['kept 0', 'done 0']));

  it.each<[what: string, value: Uint8Array, why: string]>([
    ['half of a text', bytes('{"type":'), 'not JSON'],
    ['no bytes at all', bytes(''), 'not JSON'],
    ['bytes that are no UTF-8', Uint8Array.of(0xff, 0xfe), 'not JSON'],
    ['UTF-8 that is cut in the middle of a letter', bytes('{"a":"ŵ"}').subarray(0, 7), 'not JSON'],
    ['two objects', bytes('{}{}'), 'not JSON'],
    ['a number', bytes('7'), 'not a JSON object'],
    ['a text', bytes('"flood"'), 'not a JSON object'],
    ['null', bytes('null'), 'not a JSON object'],
    ['true', bytes('true'), 'not a JSON object'],
  ])('parks %s, with the reason, and keeps what stands around it', async (_, value, why) =>
    expect((await kept([event(0), event(1, { value }), event(2)])).steps).toEqual([
      'kept 0 2',
      'done 0',
      `parked 1: ${why}`,
      'done 2',
    ]),
  );

  it('parks what has no headers of ours, or not all of them', async () => {
    const { ce_id: _, ...nearly } = event(1).headers;
    const { steps } = await kept([
      { ...event(0), headers: {} },
      { ...event(1), headers: nearly },
    ]);
    expect(steps).toEqual([
      'kept ',
      'parked 0: no CloudEvents headers of ours',
      'parked 1: no CloudEvents headers of ours',
    ]);
  });

  it('decides nothing while the database is away: the whole batch comes again, the unreadable as well', async () => {
    const away = new Error('the database does not answer');
    const { steps, failed } = await kept([event(0), event(1, { value: bytes('x') })], async () => {
      throw away;
    });
    expect(steps).toEqual(['kept 0']);
    expect(failed).toBe(away);
  });
});
