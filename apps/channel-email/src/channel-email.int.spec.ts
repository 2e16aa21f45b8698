import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cancelled, issued, ListWorld, listTexts, warning } from '#channel/testing';
import type { AccountId, Severity } from '#contracts';
import { PracticeWorld, type MailFact } from '#practice';
import { HealthRegistry, silentLog, sleep, startHttp, type HttpServer } from '#runtime';
import { ChannelEmailModule } from './channel-email.module.js';
import type { EmailSettings } from './config.js';
import { EmailService } from './email-service.js';

let world: ListWorld;
let practice: PracticeWorld;
let folder: string;
let server: HttpServer;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'larum-email-'));
  world = await ListWorld.open('email');
  practice = await PracticeWorld.open({ dataDir: folder, seed: 'wainfleet', population: { mail: {} } });
});
afterEach(async () => {
  await server.close();
  await practice.close();
  await world.close();
  rmSync(folder, { recursive: true });
});

const settings = (): EmailSettings => ({
  SMTP_URL: `smtp://127.0.0.1:${practice.ports.smtp}`,
  SMTP_LOGIN_MODE: 'exercise',
  SMTP_TLS: 'if-offered',
  SMTP_CONNECTIONS: 5,
  SMTP_TIMEOUT_S: 10,
  EMAIL_ACCOUNT: `acc_${'e'.repeat(32)}` as AccountId,
  MAIL_FROM: 'warnings@agency.example',
  MAIL_FROM_NAME: 'Agency',
  MAIL_LANGUAGES: ['en-GB'],
  BOUNCE_DOMAIN: 'bounces.agency.example',
  BOUNCE_HOST: '127.0.0.1',
  BOUNCE_PORT: 0,
  MAIL_TOKEN_KEY: 'k'.repeat(32),
  PUBLIC_URL: 'https://warnings.agency.example',
});

/** The service as it runs, with these people on its list. */
async function started(...people: string[]): Promise<EmailService> {
  const { test, stream, clock } = world;
  const parts = {
    mode: 'exercise' as const,
    db: test.db,
    stream,
    clock,
    log: silentLog,
    health: new HealthRegistry(),
    host: '127.0.0.1',
  };
  const module = ChannelEmailModule.register(settings(), parts);
  server = await startHttp(module, { name: 'channel-email', port: 0, log: silentLog, health: parts.health });
  await world.subscribe(...people);
  await world.until(async () => (await parts.health.readiness()).ready, Boolean);
  return server.app.get(EmailService);
}

const ANN = 'ann@mail.example,en-GB,53.10,0.24,yes';
const crowd = (size: number) =>
  Array.from(
    { length: size },
    (_, n) => `p${n}@mail.example,en-GB,53.1,${(0.21 + (n % 80) / 1000).toFixed(3)},yes`,
  );
const first = (number: number, severity: Severity = 'Moderate') =>
  issued({
    version: number,
    at: world.clock.now(),
    expiresAt: world.clock.in(60_000),
    severity,
    composed: listTexts('email', number),
  });

const issuedAs = (number: number) =>
  issued({
    warningId: warning(number),
    at: world.clock.now(),
    expiresAt: world.clock.in(60_000),
    composed: listTexts('email', 1),
  });

async function mails(): Promise<MailFact[]> {
  const found: MailFact[] = [];
  for await (const one of practice.arrivals('email')) if (one.fact === 'mail') found.push(one);
  return found;
}

describe('a warning by e-mail', () => {
  it('arrives with the approved words under a Message-ID of its delivery', async () => {
    await started(ANN);
    await world.publish(first(1));
    expect(await world.settled()).toEqual({ accepted: 1 });
    const [mail] = await mails();
    expect(mail).toMatchObject({ to: 'ann@mail.example', subject: 'Flood v1 first en-GB' });
    expect(mail?.text).toContain('Flooding. v1 first en-GB');
    expect(mail?.key).toMatch(/^<?dlv_[0-9a-f]{32}@agency\.example>?$/);
    expect(mail?.from).toMatch(/^b\+[0-9a-f]{48}@bounces\.agency\.example$/);
  });

  it('whose link was cut after the body is unknown when it is mild, and the same mail again when it is grave', async () => {
    await started(ANN);
    practice.faults.order({ channel: 'email', kind: 'cut-after-body' });
    await world.publish(first(1, 'Minor'));
    expect(await world.settled()).toEqual({ unknown: 1 });
    practice.faults.order({ channel: 'email', kind: 'cut-after-body' });
    await world.publish(first(2, 'Severe'));
    expect(await world.settled(2)).toEqual({ accepted: 1 });
    const arrived = (await mails()).map(({ key }) => key);
    expect(arrived).toHaveLength(3);
    expect(new Set(arrived.slice(1)).size).toBe(1);
  });

  it('waits where the relay says "not now", and is refused where nobody lives', async () => {
    await started(...crowd(3));
    practice.faults.order({ channel: 'email', kind: 'refuse', to: 'p0@mail.example' });
    practice.faults.order({ channel: 'email', kind: 'defer', to: 'p1@mail.example' });
    await world.publish(first(1));
    const states = await world.until(
      () => world.states(),
      (seen) => Object.keys(seen).length > 0 && !('planned' in seen),
    );
    expect(states).toEqual({ accepted: 1, refused: 1, deferred: 1 });
    await world.publish(cancelled({ at: world.clock.now() }));
    expect(await world.settled(1)).toEqual({ accepted: 1, refused: 1, cancelled: 1 });
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 1 });
  });
});

describe('an address that the relay knows to be gone', () => {
  const suppressed = async (email: EmailService, name: string) =>
    (await email.list.subscribers.byAddress(`${name}@mail.example`))?.suppressed;

  it('is written to once and never again, and the report says why', async () => {
    const email = await started(...crowd(3));
    practice.faults.order({ channel: 'email', kind: 'refuse', to: 'p0@mail.example' });
    await world.publish(first(1));
    expect(await world.settled()).toEqual({ accepted: 2, refused: 1 });
    expect(await suppressed(email, 'p0')).toBe('bounced');
    await world.publish(first(2));
    expect(await world.settled(2)).toEqual({ accepted: 2, suppressed: 1 });
    expect(practice.counts().email).toEqual({ arrived: 4, refused: 1 });
  });

  it('is not one whose provider refuses our mail, or whose box was full once', async () => {
    const email = await started(...crowd(2));
    practice.faults.order({ channel: 'email', kind: 'policy', to: 'p0@mail.example' });
    practice.faults.order({ channel: 'email', kind: 'full', to: 'p1@mail.example' });
    await world.publish(first(1));
    expect(await world.settled()).toEqual({ refused: 2 });
    expect([await suppressed(email, 'p0'), await suppressed(email, 'p1')]).toEqual([null, null]);
  });

  it('rests for a month when its box was full at three warnings', async () => {
    const email = await started(ANN);
    practice.faults.order({ channel: 'email', kind: 'full', count: 3 });
    for (const number of [1, 2, 3]) {
      expect(await suppressed(email, 'ann')).toBeNull();
      await world.publish(issuedAs(number));
      await world.until(
        () => world.states(),
        (states) => states['refused'] === number,
      );
    }
    expect(await suppressed(email, 'ann')).toBe('bounced');
    await world.test.db.execute(
      `update channel_email.subscriber set suppressed_until = suppressed_until - interval '30 days'`,
    );
    await world.publish(issuedAs(4));
    await world.until(
      () => world.states(),
      (states) => states['accepted'] === 1,
    );
  });

  it('is nobody’s when the relay calls half the list gone: then something is wrong with the relay', async () => {
    const email = await started(...crowd(12));
    practice.faults.order({ channel: 'email', kind: 'refuse', count: 6 });
    await world.publish(first(1));
    expect(await world.settled()).toEqual({ accepted: 6, refused: 6 });
    expect((await email.list.subscribers.count()).suppressed).toBe(0);
  });
});

describe('"no more", said by a person', () => {
  const link = (page: string): string => /\/v1\/unsubscribe\/[0-9a-f]{48}/.exec(page)?.[0] ?? 'no link';

  it('is done by POST at once, and never by looking at the page', async () => {
    const email = await started(ANN);
    await world.publish(first(1));
    await world.settled();
    const [mail] = await mails();
    const url = `${server.url}${link(mail?.text ?? '')}`;
    const page = await fetch(url);
    expect([page.status, (await page.text()).includes('<form method="post">')]).toEqual([200, true]);
    expect((await email.list.subscribers.byAddress('ann@mail.example'))?.suppressed).toBeNull();
    const post = {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    expect((await fetch(url, post)).status).toBe(200);
    expect((await fetch(url, post)).status).toBe(200);
    expect((await email.list.subscribers.byAddress('ann@mail.example'))?.suppressed).toBe('opted-out');
    await world.publish(first(2));
    await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length === 2,
    );
    expect(await world.settled(2)).toEqual({ suppressed: 1 });
  });

  it('with a link that we never gave out does nothing', async () => {
    await started(ANN);
    expect((await fetch(`${server.url}/v1/unsubscribe/${'0'.repeat(48)}`, { method: 'POST' })).status).toBe(
      404,
    );
  });
});

describe('the e-mail service', () => {
  it('mails two thousand people in seconds, each of them once', async () => {
    await started(...crowd(2_000));
    const began = performance.now();
    await world.publish(first(1));
    expect(await world.settled()).toEqual({ accepted: 2_000 });
    console.log(`2,000 mails accepted in ${Math.round(performance.now() - began)} ms`);
    expect(practice.counts().email).toEqual({ arrived: 2_000, refused: 0 });
  });

  it('has the first mail at the relay soon after the warning is on the stream', async () => {
    await started(...crowd(200));
    const took: number[] = [];
    for (let number = 1; number <= 12; number += 1) {
      const before = performance.now();
      const had = practice.counts().email.arrived;
      await world.publish(issuedAs(number));
      while (practice.counts().email.arrived === had) await sleep(1);
      took.push(performance.now() - before);
      await world.until(
        () => world.states(),
        (states) => states['accepted'] === number * 200,
      );
    }
    const sorted = took.slice(2).toSorted((a, b) => a - b);
    console.log(
      `stream → first mail: p50 ${Math.round(sorted[5] ?? 0)} ms, worst ${Math.round(sorted.at(-1) ?? 0)} ms`,
    );
    expect(sorted[5]).toBeLessThan(5_000); // some 30 ms on a quiet machine
  });
});
