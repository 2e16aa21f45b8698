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

  it.each([
    ['an SMTP answer', { error: '550 5.1.1 <resident@example.org>: user unknown' }, 'resident'],
    [
      'an address in angle brackets with a name',
      { to: 'Ann Lee <ann.lee@xn--bcher-kva.example>' },
      'ann.lee',
    ],
    ['an address with a plus and a quote', { said: "b+tok'en@bounces.example gone" }, 'bounces.example'],
    ['an address beyond ASCII', { said: 'δοκιμή@παράδειγμα.δοκιμή' }, 'δοκιμή@'],
    ['a number in a sentence', { said: 'texted +447700900123.' }, '447700900123'],
    ['a number as a gateway writes it', { destination_addr: '447700900123' }, '447700900123'],
    ['a number that is a number', { msisdn: 447700900123 }, '447700900123'],
    ['a token of the house', { said: 'used lrx_abcdefghijklmnop-qrstuvwxyz_0123456789ABCDEF' }, 'abcdefgh'],
    ['a header', { headers: { Authorization: 'Basic bGFydW06aHVudGVyMg==' } }, 'bGFydW'],
    ['a header inside a sentence', { said: 'sent authorization: bearer abc.def-ghi' }, 'abc.def'],
    ['a session of Bluesky', { said: `refused eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln` }, 'eyJhbGci'],
    ['a password in an address', { url: 'smtps://larum:p%40ss@relay.example:465' }, 'p%40ss'],
    ['a token in a query', { said: 'GET /oauth?client=a&access_token=s3cr3t&x=1' }, 's3cr3t'],
    ['the link that unsubscribes', { url: 'https://w.example/v1/unsubscribe/AbC-123_x.y' }, 'AbC-123'],
    ['a key in a name of its own', { 'X-Api-Key': 'k3y', api_key: 'k3y', privateKey: 'k3y' }, 'k3y'],
    ['what lies deep', { a: { b: { c: [{ d: 'ann@people.example' }] } } }, 'ann@'],
    ['what a map holds', { held: new Map([['to', 'ann@people.example']]) }, 'ann@'],
    ['bytes', { body: new TextEncoder().encode('ann@people.example') }, '97'],
    ['an error’s cause', { error: new Error('x', { cause: new Error('to ann@people.example') }) }, 'ann@'],
  ])('conceals %s', (_, fields, secret) => expect(JSON.stringify(conceal(fields))).not.toContain(secret));

  it('shows what an operator needs in spite of it', () => {
    const shown = JSON.stringify(
      conceal({
        url: 'smtps://larum:p%40ss@relay.example:465',
        said: 'GET /oauth?access_token=s3cr3t&page=2',
        to: 12,
        from: '10:00',
        sender: 'Police',
        recipient: 'sub_0192f0c4a1b27c3d8e4f5a6b7c8d9e0f',
        error: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      }),
    );
    for (const kept of [
      'relay.example:465',
      'page=2',
      '"to":12',
      '10:00',
      'Police',
      'sub_0192',
      'ECONNREFUSED',
    ])
      expect(shown).toContain(kept);
  });

  it('marks a number alike, with its plus and without', () => {
    const { phone } = conceal({ phone: '447700900123' });
    expect(phone).toBe(concealText('+447700900123'));
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
      { seed: 20261121 },
    );
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => conceal(circle)).not.toThrow();
    expect(JSON.stringify(conceal({ many: Array.from({ length: 1_000 }, () => 1) })).length).toBeLessThan(
      200,
    );
  });

  it('is written at once, however long a word somebody else has put into it', () => {
    const began = performance.now();
    const said = `+${'a'.repeat(60_000)} a@${'b'.repeat(60_000)}`;
    expect(logged((log) => log.warn({ said }, 'the server answered')).lines).toMatchObject([{ said }]);
    expect(performance.now() - began).toBeLessThan(10_000); // half a minute when an address may begin at each letter
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
