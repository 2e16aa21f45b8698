import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aText, ScriptedSmsc } from '../testing/scripted-smsc.js';
import { SmsGateway } from './sms-gateway.js';

const none: ReadonlyMap<number, Uint8Array> = new Map();
/** What a gateway may do with one text. `taken-cut` and `taken-silent` keep it and never say so. */
const WAYS = [
  'take',
  'throttle',
  'queue-full',
  'refuse',
  'taken-cut',
  'taken-silent',
  'cut',
  'nack',
  'rubbish',
] as const;
type Way = (typeof WAYS)[number];

/** Sends `ways.length` texts through a gateway that does `ways[n]` with the n-th text to arrive, then takes the rest. */
async function story(ways: readonly Way[]) {
  const smsc = await ScriptedSmsc.listen();
  const kept: string[] = [];
  let arrived = 0;
  smsc.script = (pdu, side) => {
    if (pdu.command !== 'submit_sm') return 'default';
    const way = ways[arrived] ?? 'take';
    arrived += 1;
    const text = Buffer.from(pdu.message).toString();
    const { sequence } = pdu;
    const answer = (status: number) =>
      side.send({ command: 'submit_sm_resp', status, sequence, messageId: '', tlvs: none });
    if (['take', 'taken-cut', 'taken-silent'].includes(way)) kept.push(text);
    if (way === 'take')
      side.send({ command: 'submit_sm_resp', status: 0, sequence, messageId: text, tlvs: none });
    if (way === 'throttle') answer(0x58);
    if (way === 'queue-full') answer(0x14);
    if (way === 'refuse') answer(0x0b);
    if (way === 'nack') side.send({ command: 'generic_nack', status: 0x03, sequence, tlvs: none });
    if (way === 'rubbish') side.raw(Buffer.from('not SMPP at all'));
    if (way === 'cut' || way === 'taken-cut') side.socket.resetAndDestroy();
    return 'handled';
  };
  const gateway = new SmsGateway(
    {
      endpoints: [{ host: '127.0.0.1', port: smsc.port, tls: false }],
      systemId: 'larum',
      password: 'secret',
      systemType: '',
      bindAs: 'transceiver',
      binds: 2,
      window: 3,
      connectTimeoutMs: 20_000,
      answerTimeoutMs: 120,
      enquireEveryMs: 10_000,
      partsPerSecond: 5_000,
      reconnectFirstMs: 5,
      reconnectMostMs: 20,
      steadyMs: 1_000,
    },
    { incoming: async () => undefined, bound: () => undefined, unbound: () => undefined },
    () => 0,
  );
  gateway.start();
  const how = { until: performance.now() + 4_000, urgent: false, mayWrite: () => true, late: () => {} };
  const ends = await Promise.all(ways.map((_, n) => gateway.submit(aText(`text ${n}`), how)));
  await gateway.stop(50);
  await smsc.close();
  return { ends, kept };
}

describe('whatever a gateway does', () => {
  it('every text ends once, none is written twice after it may have left, and none that was taken is called refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...WAYS), { minLength: 1, maxLength: 12 }), async (ways) => {
        const { ends, kept } = await story(ways);
        expect(ends).toHaveLength(ways.length);
        expect(new Set(kept).size).toBe(kept.length);
        for (const [n, end] of ends.entries()) {
          const taken = kept.includes(`text ${n}`);
          if (end.result === 'accepted') expect([taken, end.messageId]).toEqual([true, `text ${n}`]);
          if (end.result === 'refused' || end.result === 'deferred') expect(taken).toBe(false);
        }
      }),
      { numRuns: 25, seed: 20261121 },
    );
  });
});
