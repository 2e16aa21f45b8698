import { afterEach, describe, expect, it } from '@jest/globals';
import { issued, ListWorld, listTexts } from '#channel/testing';
import type { AccountId } from '#contracts';
import { HealthRegistry, silentLog, startHttp, type HttpServer } from '#runtime';
import { ChannelEmailModule } from './channel-email.module.js';
import { EmailService } from './email-service.js';
import { freePort, OwnPostfix } from './testing/own-postfix.js';
import { relayThat, ScriptedRelay } from './testing/scripted-relay.js';

const command = process.env['REAL_POSTFIX'];
if (command === undefined)
  console.warn(
    'REAL_POSTFIX is not set (/usr/sbin/postfix, as root): mails are NOT sent through a real relay',
  );
const itReally = command === undefined ? it.skip : it;

let world: ListWorld;
let server: HttpServer;
let postfix: OwnPostfix;
let far: ScriptedRelay;

afterEach(async () => {
  if (command === undefined) return;
  await server.close();
  await world.close();
  postfix.close();
  await far.close();
});

/** The whole service at a Postfix with these settings, which brings what comes back to the service itself. */
async function started(settings: Record<string, string>, ...people: string[]): Promise<EmailService> {
  far = await ScriptedRelay.open(
    relayThat({
      answers: {
        'RCPT TO:<gone@': '550 5.1.1 <gone@far.example>: no such mailbox here',
        'RCPT TO:<full@': '552 5.2.2 mailbox is full',
        'RCPT TO:<us@': '550 5.1.8 <b+0@bounces.agency.example>: Sender address rejected: Domain not found',
      },
    }),
  );
  const bouncePort = await freePort();
  const routes = `{bounces.agency.example=smtp:[127.0.0.1]:${bouncePort}}, {far.example=smtp:[127.0.0.1]:${far.port}}`;
  postfix = await OwnPostfix.open(command ?? '', { transport_maps: `inline:{${routes}}`, ...settings });
  world = await ListWorld.open('email');
  const { test, stream, clock } = world;
  const health = new HealthRegistry();
  const shared = { db: test.db, stream, clock, log: silentLog, health };
  const module = ChannelEmailModule.register(
    {
      SMTP_URL: `smtp://127.0.0.1:${postfix.port}`,
      SMTP_LOGIN_MODE: 'exercise',
      SMTP_TLS: 'if-offered',
      SMTP_CONNECTIONS: 5,
      SMTP_TIMEOUT_S: 60,
      EMAIL_ACCOUNT: `acc_${'e'.repeat(32)}` as AccountId,
      MAIL_FROM: 'warnings@agency.example',
      MAIL_FROM_NAME: 'Agency',
      MAIL_LANGUAGES: ['en-GB'],
      BOUNCE_DOMAIN: 'bounces.agency.example',
      BOUNCE_HOST: '127.0.0.1',
      BOUNCE_PORT: bouncePort,
      MAIL_TOKEN_KEY: 'k'.repeat(32),
      PUBLIC_URL: 'https://warnings.agency.example',
    },
    { mode: 'exercise', host: '127.0.0.1', ...shared },
  );
  server = await startHttp(module, { name: 'channel-email', port: 0, log: silentLog, health });
  await world.subscribe(...people.map((address) => `${address},en-GB,53.10,0.24,yes`));
  await world.until(async () => (await health.readiness()).ready, Boolean);
  return server.app.get(EmailService);
}

const warned = () =>
  world.publish(
    issued({ at: world.clock.now(), expiresAt: world.clock.in(600_000), composed: listTexts('email', 1) }),
  );
const crowd = Array.from({ length: 2_000 }, (_, n) => `p${n}@mail.example`);

describe('a warning through a real Postfix', () => {
  itReally(
    'is taken for each of two thousand people, and what comes back ends the mails of those who are gone',
    async () => {
      const knows = { relay_domains: 'known.example', relay_recipient_maps: 'inline:{ann@known.example=x}' };
      const some = ['nobody@known.example', 'gone@far.example', 'full@far.example', 'us@far.example'];
      const email = await started(knows, ...crowd, ...some);
      const [began, before] = [performance.now(), process.cpuUsage()];
      await warned();
      expect(await world.settled()).toEqual({ accepted: 2_003, refused: 1 });
      const [ms, { user, system }] = [performance.now() - began, process.cpuUsage(before)];
      console.log(
        `2,003 mails taken by Postfix in ${Math.round(ms)} ms, ${((user + system) / 2_003_000).toFixed(2)} ms of processor each`,
      );
      const suppressed = async (address: string) =>
        (await email.list.subscribers.byAddress(address))?.suppressed;
      await world.until(
        () => suppressed('gone@far.example'),
        (why) => why === 'bounced',
      );
      const receipts = () =>
        world.test.db.query<{ detail: string }>('select detail from channel_email.receipt order by detail');
      const came = await world.until(receipts, (rows) => rows.length === 3);
      expect(came.map(({ detail }) => detail.slice(0, 11))).toEqual([
        'hard 5.1.1 ',
        'policy 5.1.',
        'soft 5.2.2 ',
      ]);
      expect(await suppressed('nobody@known.example')).toBe('bounced');
      expect(await suppressed('full@far.example')).toBeNull();
      expect(await suppressed('us@far.example')).toBeNull();
    },
  );

  itReally('that does not know our bounce domain waits for everybody, and ends nobody’s mails', async () => {
    const knows = { relay_domains: 'bounces.agency.example', relay_recipient_maps: 'inline:{a@b.example=x}' };
    const email = await started({ ...knows, smtpd_reject_unlisted_sender: 'yes' }, 'ann@mail.example');
    await warned();
    await world.until(
      () => world.states(),
      ({ deferred }) => deferred === 1,
    );
    expect((await email.list.subscribers.count()).suppressed).toBe(0);
    expect(postfix.log()).toContain('Sender address rejected: User unknown in relay recipient table');
  });
});
