import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FolderTaken, PRACTICE_ACCOUNTS, PracticeWorld, practiceRecipients, type Arrival } from './index.js';
import { SeededPublic } from './public/seeded-public.js';
import { SmppPeer, SmtpDialogue } from './testing/index.js';

const people = practiceRecipients('wainfleet', 120, { lat: 53.1, lon: 0.236 }, 8);
const POPULATION = {
  mail: { 'unknown-user': 0.1, 'mailbox-full': 0.1 },
  texts: { 'no-such-number': 0.1, undeliverable: 0.1, stops: 0.05, answers: 0.1 },
  mostShares: 400,
};

/** Everything that a review would count after one exercise. */
type Figures = { mail: string[]; texts: string[]; states: string[]; answers: string[]; posts: string[] };

describe('an exercise in the practice world', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });
  async function folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'larum-exercise-'));
    folders.push(made);
    return made;
  }

  async function posts(world: PracticeWorld, order: readonly number[]): Promise<string[]> {
    const accounts = PRACTICE_ACCOUNTS.filter(({ platform }) => platform === 'mastodon');
    const made: { handle: string; url: string; headers: Record<string, string> }[] = [];
    for (const n of order) {
      const { secret, handle } = accounts[n]!;
      const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ status: `FLOOD ${n}` });
      const answer = await fetch(`${world.url}/api/v1/statuses`, { method: 'POST', headers, body });
      const { id } = (await answer.json()) as { id: string };
      made.push({ handle, url: `${world.url}/api/v1/statuses/${id}`, headers });
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
    const figures = made.map(async ({ handle, url, headers }) => {
      const status = (await (await fetch(url, { headers })).json()) as Record<string, number>;
      return `${handle} ${status['reblogs_count']} ${status['favourites_count']} ${status['replies_count']}`;
    });
    return (await Promise.all(figures)).sort();
  }

  async function mails(world: PracticeWorld, order: typeof people): Promise<string[]> {
    const smtp = await SmtpDialogue.begin(world.ports.smtp);
    const figures: string[] = [];
    for (const { address } of order) {
      figures.push(
        `${address} ${(await smtp.send('b@bounce.example', address, 'Subject: FLOOD\r\n\r\nLeave.\r\n')).slice(0, 3)}`,
      );
    }
    smtp.end();
    return figures.sort();
  }

  async function texts(
    world: PracticeWorld,
    order: typeof people,
  ): Promise<Pick<Figures, 'texts' | 'states' | 'answers'>> {
    const smpp = new SmppPeer(world.ports.smpp);
    await smpp.bind();
    const replies = await Promise.all(
      order.map(
        async ({ phone }) =>
          `${phone} ${(await smpp.submit(phone.slice(1), Buffer.from('FLOOD')))?.command_status}`,
      ),
    );
    const expected = replies.filter((reply) => reply.endsWith(' 0')).length;
    const receipts = () => smpp.delivered.filter(({ esm_class: kind }) => kind === 0x04);
    const isOwed = async () => {
      const { owed } = (await (await fetch(`${world.url}/practice/counts`)).json()) as {
        owed: { sms: number };
      };
      return owed.sms > 0; // receipts, and what people answer
    };
    for (let looks = 0; looks < 1_000 && (receipts().length < expected || (await isOwed())); looks += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    smpp.end();
    return {
      texts: replies.sort(),
      states: receipts()
        .map((pdu) => `${pdu.source_addr} ${pdu.message_state}`)
        .sort(),
      answers: smpp.delivered
        .filter(({ esm_class: kind }) => kind === 0)
        .map((pdu) => `${pdu.source_addr} ${String(pdu.short_message?.message)}`)
        .sort(),
    };
  }

  async function run(seed: string, options: { reversed: boolean; mailsFirst: boolean }): Promise<Figures> {
    const world = await PracticeWorld.open({
      dataDir: await folder(),
      seed,
      reactionsMs: 20,
      population: POPULATION,
      sms: { receiptAfterMs: 10, answerAfterMs: 20 },
    });
    const order = options.reversed ? people.toReversed() : people;
    const early = options.mailsFirst ? await mails(world, order) : undefined;
    const sent = await texts(world, order);
    const posted = await posts(world, options.reversed ? [1, 1, 0, 0, 0] : [0, 0, 1, 0, 1]);
    const mail = early ?? (await mails(world, order));
    await world.close();
    return { mail, posts: posted, ...sent };
  }

  it('ends in the same figures whatever the order, and in others with another seed', async () => {
    const first = await run('wainfleet', { reversed: false, mailsFirst: true });
    expect(await run('wainfleet', { reversed: true, mailsFirst: false })).toEqual(first);

    const other = await run('skegness', { reversed: false, mailsFirst: true });
    expect(other.mail).not.toEqual(first.mail);
    expect(other.states).not.toEqual(first.states);
    expect(other.posts).not.toEqual(first.posts);

    // And it is a public worth exercising with: somebody of each kind.
    expect(new Set(first.mail.map((line) => line.split(' ')[1]))).toEqual(new Set(['250', '550', '552']));
    expect(new Set(first.texts.map((line) => line.split(' ')[1]))).toEqual(new Set(['0', '11']));
    expect(new Set(first.states.map((line) => line.split(' ')[1]))).toEqual(new Set(['2', '5']));
    expect(first.answers.some((line) => line.endsWith(' STOP'))).toBe(true);
    expect(first.answers.some((line) => !line.endsWith(' STOP'))).toBe(true);
  });

  it('is remembered: after a restart it counts the same arrivals', async () => {
    const dataDir = await folder();
    const sms = { receiptAfterMs: 10, answerAfterMs: 20 };
    const options = { dataDir, seed: 'wainfleet', population: POPULATION, sms };
    const before = await PracticeWorld.open(options);
    await mails(before, people.slice(0, 30));
    await texts(before, people.slice(0, 30));
    await posts(before, [0, 1]);
    const counts = before.counts();
    await before.close();
    const after = await PracticeWorld.open(options);
    expect(after.counts()).toEqual(counts);
    const arrivals: Arrival[] = [];
    for await (const arrival of after.arrivals()) arrivals.push(arrival);
    const total = Object.values(counts).reduce((sum, { arrived, refused }) => sum + arrived + refused, 0);
    expect(arrivals).toHaveLength(total);
    await after.close();
  });

  // A file of Linux on which every write fails as on a full disk.
  (existsSync('/dev/full') ? it : it.skip)('says yes to nobody once the disk is full', async () => {
    const dataDir = await folder();
    for (const file of ['world.jsonl', 'mails.eml']) await symlink('/dev/full', join(dataDir, file));
    const world = await PracticeWorld.open({
      dataDir,
      seed: 's',
      population: { mail: { 'unknown-user': 0.5 }, texts: {} },
    });
    const replies = await mails(world, people.slice(0, 20));
    expect(new Set(replies.map((line) => line.split(' ')[1]))).toEqual(new Set(['452']));
    const smpp = new SmppPeer(world.ports.smpp);
    await smpp.bind();
    expect(await smpp.submit('447700900123', Buffer.from('FLOOD'))).toMatchObject({ command_status: 0x08 });
    smpp.end();
    const headers = {
      authorization: `Bearer ${PRACTICE_ACCOUNTS[0]?.secret}`,
      'content-type': 'application/json',
    };
    const answer = await fetch(`${world.url}/api/v1/statuses`, {
      method: 'POST',
      headers,
      body: '{"status":"FLOOD"}',
    });
    expect(answer.status).toBe(500);
    await world.close();
  });

  it('has the folder to itself', async () => {
    const dataDir = await folder();
    const world = await PracticeWorld.open({ dataDir, seed: 's' });
    await expect(PracticeWorld.open({ dataDir, seed: 's' })).rejects.toThrow(FolderTaken);
    await world.close();
    await (await PracticeWorld.open({ dataDir, seed: 's' })).close();
  });

  it('leaves nothing open when one of its ports is taken, and can be opened again', async () => {
    const world = await PracticeWorld.open({ dataDir: await folder(), seed: 's' });
    const dataDir = await folder();
    for (const door of ['http', 'smtp', 'smpp'] as const) {
      const ports = { [door]: world.ports[door] };
      await expect(PracticeWorld.open({ dataDir, seed: 's', ports })).rejects.toThrow(/EADDRINUSE/);
    }
    await (await PracticeWorld.open({ dataDir, seed: 's' })).close();
    await world.close();
  });

  it('opens on loopback and nowhere else', async () => {
    const world = await PracticeWorld.open({ dataDir: await folder(), seed: 's' });
    expect(new URL(world.url).hostname).toBe('127.0.0.1');
    // The kernel's own table, where there is one: local address and port in hexadecimal, state 0A is listening (proc(5)).
    const tables = ['/proc/net/tcp', '/proc/net/tcp6'].filter((table) => existsSync(table));
    const lines = tables.flatMap((table) => readFileSync(table, 'utf8').split('\n').slice(1));
    const open = lines.map((line) => line.trim().split(/\s+/)).filter(([, , , state]) => state === '0A');
    for (const port of Object.values(world.ports)) {
      const hex = port.toString(16).toUpperCase().padStart(4, '0');
      const places = open.map(([, local = '']) => local.split(':')).filter(([, of]) => of === hex);
      if (tables.length > 0) expect(places.map(([address]) => address)).toEqual(['0100007F']);
    }
    await world.close();
  });

  it('gives the nth post of an account the same reactions, whatever was posted between, elsewhere or before a restart', async () => {
    const [county, cymraeg, bluesky] = PRACTICE_ACCOUNTS;
    const steps = fc.array(fc.constantFrom('county', 'cymraeg', 'bluesky', 'restart'), {
      minLength: 4,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (order) => {
        const options = { dataDir: await folder(), seed: 'wainfleet', reactionsMs: 0 };
        let world = await PracticeWorld.open(options);
        const people = new SeededPublic('wainfleet');
        const ordinals = new Map<string, number>();
        for (const [n, step] of order.entries()) {
          if (step === 'restart') {
            await world.close();
            world = await PracticeWorld.open(options);
            continue;
          }
          const account = { county, cymraeg, bluesky }[step]!;
          const ordinal = (ordinals.get(step) ?? 0) + 1;
          ordinals.set(step, ordinal);
          const { shares, likes, quotes, replies } = people.toPost(account.handle, ordinal);
          const seen =
            step === 'bluesky' ? await onBluesky(world, account, n) : await onMastodon(world, account, n);
          expect(seen).toEqual({ shares: shares + quotes, likes, replies: replies.length });
        }
        await world.close();
      }),
      { numRuns: 8, seed: 20261121 },
    );
  });
});

type Account = (typeof PRACTICE_ACCOUNTS)[number];
type Told = { shares: number; likes: number; replies: number };

const asked = async (
  url: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Record<string, unknown>> => {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(url, { headers: { ...headers, 'content-type': 'application/json' }, ...sent });
  return (await answer.json()) as Record<string, unknown>;
};

async function onMastodon({ url }: PracticeWorld, { secret }: Account, n: number): Promise<Told> {
  const headers = { authorization: `Bearer ${secret}` };
  const { id } = await asked(`${url}/api/v1/statuses`, headers, { status: `FLOOD ${n}` });
  const status = await asked(`${url}/api/v1/statuses/${String(id)}`, headers);
  return {
    shares: Number(status['reblogs_count']) + Number(status['quotes_count'] ?? 0),
    likes: Number(status['favourites_count']),
    replies: Number(status['replies_count']),
  };
}

async function onBluesky({ url }: PracticeWorld, { handle, secret }: Account, n: number): Promise<Told> {
  const login = { identifier: handle, password: secret };
  const { did, accessJwt } = await asked(`${url}/xrpc/com.atproto.server.createSession`, {}, login);
  const headers = { authorization: `Bearer ${String(accessJwt)}` };
  const record = { $type: 'app.bsky.feed.post', text: `FLOOD ${n}`, createdAt: '2026-11-21T10:00:00.000Z' };
  const key = {
    repo: did,
    collection: 'app.bsky.feed.post',
    rkey: `3l4g5h6j7k22${'234567abcdefg'.charAt(n)}`,
  };
  const { uri } = await asked(`${url}/xrpc/com.atproto.repo.putRecord`, headers, { ...key, record });
  const { posts } = await asked(
    `${url}/xrpc/app.bsky.feed.getPosts?uris=${encodeURIComponent(String(uri))}`,
    headers,
  );
  const [post] = posts as Record<string, number>[];
  return {
    shares: Number(post!['repostCount']) + Number(post!['quoteCount'] ?? 0),
    likes: post!['likeCount']!,
    replies: post!['replyCount']!,
  };
}
