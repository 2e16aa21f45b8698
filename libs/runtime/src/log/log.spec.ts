import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inTrace, newLog, NestLog } from '#runtime';
import { conceal, concealText } from './conceal.js';

function logged(work: (log: ReturnType<typeof newLog>) => void, level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  work(newLog('channel-sms', level, { write: (line) => void lines.push(line) }));
  return { text: lines.join(''), lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the log', () => {
  it('writes one line of JSON with what varies in fields, and what is bound once', () => {
    const { lines } = logged((log) =>
      log.child({ warningId: 'wrn_1' }).warn({ attempt: 2 }, 'delivery deferred'),
    );
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        name: 'channel-sms',
        warningId: 'wrn_1',
        attempt: 2,
        msg: 'delivery deferred',
      }),
    ]);
    expect(lines[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('keeps addresses, numbers, tokens and passwords to itself, wherever they stand', () => {
    const { text } = logged((log) => {
      log.info(
        {
          to: 'resident@example.org',
          list: [{ phone: '+447700900123' }],
          authorization: 'Bearer lrx_abcdefghijklmnopqrstuvwxyz',
          headers: { Cookie: 'session=1', 'X-Api-Key': 'k' },
          url: 'postgres://larum:hunter2@127.0.0.1/larum',
          error: new Error('550 5.1.1 <resident@example.org> unknown', {
            cause: new Error('lrl_abcdefghijklmnopqrstuvwxyz'),
          }),
        },
        'delivery refused',
      );
      log.child({ address: 'resident@example.org' }).info({}, 'bound once');
    });
    expect(text).not.toMatch(/resident|447700900123|lrx_a|lrl_a|hunter2|session=1/);
    expect(text).toContain('550 5.1.1');
  });

  it('marks the same address alike, so that its lines can be followed', () => {
    const [one, again, other] = ['a@example.org', 'a@example.org', 'b@example.org'].map(concealText);
    expect(one).toBe(again);
    expect(one).not.toBe(other);
  });

  it('leaves ids, times and figures readable', () => {
    const fields = {
      warningId: `wrn_${'0'.repeat(32)}`,
      at: '2026-11-21T10:00:00.000Z',
      tookMs: 12,
      offset: 12n,
      when: new Date(0),
    };
    expect(conceal(fields)).toEqual({ ...fields, offset: '12', when: '1970-01-01T00:00:00.000Z' });
  });

  it('never throws, whatever it is given, and never lets a number through', () => {
    fc.assert(
      fc.property(
        fc.object({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true, maxDepth: 8 }),
        (fields) => {
          JSON.stringify(conceal({ ...fields, phone: '+447700900123' }));
        },
      ),
    );
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => conceal(circle)).not.toThrow();
    expect(JSON.stringify(conceal({ many: Array.from({ length: 1_000 }, () => 1) })).length).toBeLessThan(
      200,
    );
  });

  it('names the trace that a line belongs to', () => {
    const { lines } = logged((log) =>
      inTrace('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', () =>
        log.info({}, 'delivery accepted'),
      ),
    );
    expect(lines[0]).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c' });
  });

  it("takes Nest's words at their level, and its chatter at start only for debugging", () => {
    const say = (log: ReturnType<typeof newLog>) => {
      const nest = new NestLog(log);
      nest.log('Mapped {/v1/warnings, POST} route', 'RouterExplorer');
      nest.error(new Error('no such provider'), 'stack', 'Injector');
    };
    expect(logged(say).lines).toEqual([expect.objectContaining({ level: 'error', context: 'Injector' })]);
    expect(logged(say, 'debug').lines).toHaveLength(2);
  });
});
