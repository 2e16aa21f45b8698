import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SmppPeer, SmtpDialogue } from '#practice/testing';
import { WorldProgram, type ChildWorld } from './testing/child-world.js';

const POST = 'app.bsky.feed.post';
const TID_LETTERS = '234567abcdefghijklmnopqrstuvwxyz';

type Arrival = { channel: string; key?: string; to: string; text: string; id?: string; ids?: string[] };

describe('the practice world as a process of its own', () => {
  let program: WorldProgram;
  let dataDir: string;
  let world: ChildWorld;

  beforeAll(async () => {
    program = await WorldProgram.build();
  });
  afterAll(() => program.remove());
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'larum-practice-'));
    world = await program.start(dataDir);
  });
  afterEach(async () => {
    await world.stop('SIGKILL');
    await rm(dataDir, { recursive: true });
  });

  async function arrivals(): Promise<Arrival[]> {
    const lines = await (await fetch(`${world.url}/practice/arrivals`)).text();
    return lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Arrival);
  }

  async function postJson<Body>(
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Body> {
    const answer = await fetch(`${world.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return (await answer.json()) as Body;
  }
  const toMastodon = (n: number) =>
    postJson<{ id: string }>(
      '/api/v1/statuses',
      { status: `FLOOD ${n}` },
      {
        authorization: 'Bearer practice-token-county-warnings',
        'idempotency-key': `dlv_${n}`,
      },
    );
  const logIn = () =>
    postJson<{ did: string; accessJwt: string }>('/xrpc/com.atproto.server.createSession', {
      identifier: 'county-warnings.example',
      password: 'prac-tice-app-word',
    });
  const toBluesky = ({ did, accessJwt }: { did: string; accessJwt: string }, n: number) => {
    const rkey = `3m5zqyxqj4${TID_LETTERS[n >> 10]}${TID_LETTERS[(n >> 5) & 31]}${TID_LETTERS[n & 31]}`;
    const record = { $type: POST, text: `FLOOD ${n}`, createdAt: '2026-11-21T14:00:00.000Z' };
    const body = { repo: did, collection: POST, rkey, record, swapRecord: null };
    return postJson<{ uri: string; commit?: object }>('/xrpc/com.atproto.repo.putRecord', body, {
      authorization: `Bearer ${accessJwt}`,
    });
  };

  type Yes = { mastodon: Map<number, string>; bluesky: number[]; email: string[]; sms: string[] };
  const fewest = ({ mastodon, bluesky, email, sms }: Yes) =>
    Math.min(mastodon.size, bluesky.length, email.length, sms.length);

  /** Sends on all four channels, one after another on each, until the world is gone. Notes in `yes` what it said yes to. */
  async function traffic(yes: Yes): Promise<void> {
    const session = await logIn();
    const smtp = await SmtpDialogue.begin(world.ports.smtp);
    const smpp = new SmppPeer(world.ports.smpp);
    await smpp.bind();
    const untilGone = async (send: (n: number) => Promise<boolean>) => {
      for (let n = 0; await send(n).catch(() => false); n += 1);
    };
    await Promise.all([
      untilGone(async (n) => {
        if (n < 250) yes.mastodon.set(n, (await toMastodon(n)).id); // the account's own limit is 300 in five minutes
        return n < 250;
      }),
      untilGone(async (n) => {
        if (n < 1_000) await toBluesky(session, n).then(() => yes.bluesky.push(n));
        return n < 1_000;
      }),
      untilGone(async (n) => {
        const id = `<dlv_${n}@larum.example>`;
        const reply = await smtp.send(
          'b+x@bounce.example',
          `p${n}@example.org`,
          `Message-ID: ${id}\r\nSubject: FLOOD\r\n\r\nLeave now.\r\n`,
        );
        if (reply.startsWith('250')) yes.email.push(id);
        return reply !== 'closed';
      }),
      untilGone(async (n) => {
        const reply = await smpp.submit(`4477009${String(n).padStart(5, '0')}`, Buffer.from(`FLOOD ${n}`));
        if (reply?.command_status === 0) yes.sms.push(String(reply.message_id));
        return reply !== undefined;
      }),
    ]);
    smtp.end();
    smpp.end();
  }

  it.each([1, 17, 60])(
    'forgets nothing that it answered when it is killed after %d yeses on each channel',
    async (count) => {
      const yes: Yes = { mastodon: new Map(), bluesky: [], email: [], sms: [] };
      const sending = traffic(yes);
      while (fewest(yes) < count) await pause(1);
      await world.stop('SIGKILL');
      await sending;

      world = await program.start(dataDir);
      const there = await arrivals();
      const of = (channel: string) => there.filter((arrival) => arrival.channel === channel);
      const missing = (said: Iterable<string>, known: ReadonlySet<string | undefined>) =>
        [...said].filter((each) => !known.has(each));
      expect(missing(yes.mastodon.values(), new Set(of('mastodon').map(({ id }) => id)))).toEqual([]);
      expect(
        missing(
          yes.bluesky.map((n) => `FLOOD ${n}`),
          new Set(of('bluesky').map(({ text }) => text)),
        ),
      ).toEqual([]);
      expect(missing(yes.email, new Set(of('email').map(({ key }) => key)))).toEqual([]);
      expect(missing(yes.sms, new Set(of('sms').flatMap(({ ids }) => ids)))).toEqual([]);

      // Nothing is there twice, and at most one per channel was kept without the answer having left.
      for (const channel of ['mastodon', 'bluesky', 'email']) {
        const keys = of(channel).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }
      expect(of('mastodon').length - yes.mastodon.size).toBeLessThanOrEqual(1);

      // The keys are still keys: what is asked again is not posted again.
      const session = await logIn();
      expect((await toMastodon(0)).id).toBe(yes.mastodon.get(0));
      expect((await toBluesky(session, yes.bluesky[0]!)).commit).toBeUndefined();
      expect(await arrivals()).toHaveLength(there.length);
    },
  );

  it('stops cleanly on SIGTERM', async () => {
    expect(await world.stop('SIGTERM')).toBe(0);
    world = await program.start(dataDir);
  });

  it('does not start in a live system, and says why', async () => {
    await expect(program.start(dataDir, { MODE: 'live' })).rejects.toThrow(/never part of a live system/);
  });

  it('names everything that is wrong with its settings', async () => {
    const wrong = program.start(dataDir, { MODE: '', PORT: '99999', PRIVATE_NETWORK: 'maybe' });
    await expect(wrong).rejects.toThrow(/MODE.*PORT.*PRIVATE_NETWORK/s);
  });

  it('says that a port is taken instead of running half', async () => {
    const other = await mkdtemp(join(tmpdir(), 'larum-practice-'));
    const taken = program.start(other, { SMTP_PORT: String(world.ports.smtp) });
    await expect(taken).rejects.toThrow(/is taken by another program/);
    await rm(other, { recursive: true });
  });

  it('does not write into the folder of another one that is running', async () => {
    await expect(program.start(dataDir)).rejects.toThrow(/another practice world is running on/);
  });
});
