import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toInstant } from '#contracts';
import { Database } from '#postgres';
import { newId, silentLog } from '#runtime';
import { floodContent } from '../../apps/standalone/src/exercise/flood-content.js';
import { arrivals } from '../support/house/arrivals.js';
import type { RunningHouse } from '../support/house/form.js';
import { Officers } from '../support/house/officers.js';
import { standaloneHouse } from '../support/house/standalone.js';
import { mainOf, toTheEnd } from '../support/house/to-the-end.js';

/** So long the relay hangs. The house gives up on one answer after 30 s (`SMTP_TIMEOUT_S`): whoever waited along would begin after that. */
const HANG_MS = 90_000;
const BEGUN_WITHIN_MS = 20_000;

/** Somebody's real relay: whoever connects is noted. */
async function trap(): Promise<{ server: Server; port: number; callers: () => number }> {
  let callers = 0;
  const server = createServer((socket) => {
    callers += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port, callers: () => callers };
}

let relay: Awaited<ReturnType<typeof trap>>;
let house: RunningHouse & { dataDir: string };
let officers: Officers;
let incidentId: string;
beforeAll(async () => {
  relay = await trap();
  house = await standaloneHouse({
    recipients: 60,
    env: {
      SMTP_URL: `smtp://127.0.0.1:${relay.port}`,
      SMTP_LOGIN_MODE: 'live',
      SMPP_URL: `smpp://larum:secret@127.0.0.1:${relay.port}`,
      SMPP_LOGIN_MODE: 'live',
      ACCOUNTS_FILE: join(tmpdir(), 'larum-no-such-accounts.json'),
    },
  });
  officers = new Officers(house);
  incidentId = await officers.incident('Llanrwst flood');
}, 240_000);
afterAll(async () => {
  await house.stop();
  await new Promise((resolve) => relay.server.close(resolve));
}, 90_000);

const fault = (order: object) =>
  fetch(`${house.urls.practice}/practice/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
const healed = () => fetch(`${house.urls.practice}/practice/faults`, { method: 'DELETE' });

describe('the promises of the house, broken on purpose', () => {
  it('P6: an exercise with live logins at hand uses none of them', async () => {
    const { id, revision } = await officers.draft(incidentId, floodContent('first', Date.now()));
    await officers.issue(id, revision);
    await officers.settled(id, 1, ['social', 'email', 'sms']);
    expect((await arrivals(house)).length).toBeGreaterThan(10);
    expect(relay.callers()).toBe(0);
  }, 240_000);

  it.each<[string, () => Record<string, string>, string]>([
    [
      'channel-email',
      () => ({
        SMTP_URL: `smtp://127.0.0.1:${relay.port}`,
        SMTP_LOGIN_MODE: 'live',
        EMAIL_ACCOUNT: newId('acc'),
        MAIL_FROM: 'warnings@north-wales.example',
        MAIL_FROM_NAME: 'North Wales Police',
        BOUNCE_DOMAIN: 'bounces.north-wales.example',
        MAIL_TOKEN_KEY: 'k'.repeat(32),
        PUBLIC_URL: house.urls.email,
      }),
      'SMTP_LOGIN_MODE',
    ],
    [
      'channel-sms',
      () => ({
        SMPP_URL: `smpp://larum:secret@127.0.0.1:${relay.port}`,
        SMPP_LOGIN_MODE: 'live',
        SMS_SENDER: 'Police',
        SMS_ACCOUNT_ID: newId('acc'),
      }),
      'SMPP_LOGIN_MODE',
    ],
  ])(
    'P6: %s does not start in an exercise with a live login',
    async (app, settings, key) => {
      const ended = await toTheEnd(mainOf(app), {
        MODE: 'exercise',
        DATABASE_URL: house.databaseUrl(app),
        KAFKA_BROKERS: '127.0.0.1:9',
        PORT: '0',
        ...settings(),
      });
      expect([ended.code, ended.err]).toEqual([
        1,
        expect.stringMatching(new RegExp(`login is for live.* ${key}`)),
      ]);
      expect(relay.callers()).toBe(0);
    },
    60_000,
  );

  it('P8: a mail relay that hangs delays neither texts nor posts', async () => {
    expect((await fault({ channel: 'email', kind: 'hang', count: null, ms: HANG_MS })).ok).toBe(true);
    const { id, revision } = await officers.draft(incidentId, floodContent('first', Date.now()));
    await officers.issue(id, revision);
    const rows = await officers.settled(id, 1, ['social', 'sms'], 60_000); // while the relay still hangs
    for (const { states, planned } of rows) expect(states['accepted']).toBe(planned);
    const { versions } = await officers.report(id);
    const email = versions[0]?.channels.find(({ channel }) => channel === 'email');
    for (const { channel, timeToFirstSendMs } of versions[0]?.channels ?? [])
      if (channel !== 'email')
        expect([channel, (timeToFirstSendMs ?? HANG_MS) < BEGUN_WITHIN_MS]).toEqual([channel, true]);
    expect(email?.states['accepted'] ?? 0).toBe(0);
    await healed();
  }, 240_000);

  it('P4: one letter changed in the store of a channel is refused, and reaches nobody', async () => {
    const effective = toInstant(Date.now() + 15_000); // until then it is stored, and has not left
    const { id, revision } = await officers.draft(incidentId, {
      ...floodContent('first', Date.now()),
      channels: ['sms'],
      effectiveAt: effective,
    });
    await officers.issue(id, revision);
    const db = await Database.open({ url: house.databaseUrl('channel-sms'), max: 1, log: silentLog });
    const changed = await officers.until(14_000, async () => {
      const rows = await db.execute(
        `update channel_sms.sending set composed = replace(composed::text, 'Call 999', 'Call 998')::jsonb
         where warning_id = $1 and composed::text like '%Call 999%'`,
        [id],
      );
      return rows > 0 ? { rows } : { notYet: 'nothing is stored' };
    });
    expect(changed.rows).toBe(1);
    await db.close();
    const [sms] = await officers.settled(id, 1, ['sms']);
    expect(sms?.states['refused']).toBeGreaterThan(0);
    const texts = (await arrivals(house)).flatMap((one) => (one.fact === 'text' ? [one.text] : []));
    expect(texts.filter((text) => text.includes('998'))).toEqual([]);
    expect(texts.some((text) => text.includes('999'))).toBe(true);
  }, 240_000);
});
