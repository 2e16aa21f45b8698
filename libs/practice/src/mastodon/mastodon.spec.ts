import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PracticeWorldOptions } from '../options.js';
import { PracticeWorld } from '../practice-world.js';
import { SeededPublic } from '../public/seeded-public.js';

type Status = {
  id: string;
  content: string;
  language: string | null;
  visibility: string;
  in_reply_to_id: string | null;
  edited_at: string | null;
  reblogs_count: number;
  favourites_count: number;
  replies_count: number;
};

const TOKEN = 'practice-token-county-warnings';
const START = Date.parse('2026-11-21T14:00:00.000Z');

describe('the Mastodon server of the practice world', () => {
  let dataDir: string;
  let world: PracticeWorld;
  let now: number;

  async function open(options: Partial<PracticeWorldOptions> = {}): Promise<void> {
    world = await PracticeWorld.open({
      dataDir,
      seed: 'wainfleet',
      reactionsMs: 10_000,
      now: () => now,
      ...options,
    });
  }
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'larum-mastodon-'));
    now = START;
    await open();
  });
  afterEach(async () => {
    await world.close();
    await rm(dataDir, { recursive: true });
  });

  function ask(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${world.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
  const post = (body: object, key?: string) =>
    ask('POST', '/api/v1/statuses', body, key === undefined ? {} : { 'idempotency-key': key });
  const posted = async (status: string, key?: string) =>
    (await (await post({ status }, key)).json()) as Status;
  const get = async <Body>(path: string) => (await (await ask('GET', path)).json()) as Body;

  it('posts a warning with its language and visibility, and shows it again by its id', async () => {
    const answer = await post({
      status: 'Llifogydd: gadewch nawr',
      language: 'cy-GB',
      visibility: 'unlisted',
    });
    expect(answer.status).toBe(200);
    const status = (await answer.json()) as Status;
    expect(status).toMatchObject({
      language: 'cy',
      visibility: 'unlisted',
      content: '<p>Llifogydd: gadewch nawr</p>',
    });
    expect(await get(`/api/v1/statuses/${status.id}`)).toMatchObject({
      id: status.id,
      content: status.content,
    });
  });

  it('takes a form as well as JSON', async () => {
    const answer = await fetch(`${world.url}/api/v1/statuses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: new URLSearchParams({ status: 'FLOOD: leave now', language: 'en' }),
    });
    expect(await answer.json()).toMatchObject({ content: '<p>FLOOD: leave now</p>', language: 'en' });
  });

  it('makes text harmless in its content', async () => {
    const status = await posted('Level <script>alert("4 m")</script> & rising\nLeave now\n\nMore soon');
    expect(status.content).toBe(
      '<p>Level &lt;script&gt;alert(&quot;4 m&quot;)&lt;/script&gt; &amp; rising<br />Leave now</p><p>More soon</p>',
    );
  });

  describe('with an Idempotency-Key', () => {
    it('posts once however often it is asked', async () => {
      const first = await posted('FLOOD', 'dlv_1');
      const second = await posted('FLOOD', 'dlv_1');
      expect(second.id).toBe(first.id);
      const account = await get<{ id: string }>('/api/v1/accounts/verify_credentials');
      expect(await get<Status[]>(`/api/v1/accounts/${account.id}/statuses`)).toHaveLength(1);
    });

    it('posts once when two requests meet', async () => {
      const both = await Promise.all([posted('FLOOD', 'dlv_2'), posted('FLOOD', 'dlv_2')]);
      expect(both[0].id).toBe(both[1].id);
    });

    it('still knows the key after a restart', async () => {
      const first = await posted('FLOOD', 'dlv_3');
      await world.close();
      await open();
      expect((await posted('FLOOD', 'dlv_3')).id).toBe(first.id);
    });

    it('forgets the key after an hour, as Mastodon does', async () => {
      const first = await posted('FLOOD', 'dlv_4');
      now += 3_600_001;
      expect((await posted('FLOOD', 'dlv_4')).id).not.toBe(first.id);
    });

    it('posts twice where the server is a clone that ignores it', async () => {
      await world.close();
      await open({ mastodon: { honoursKey: false } });
      expect((await posted('FLOOD', 'dlv_5')).id).not.toBe((await posted('FLOOD', 'dlv_5')).id);
    });
  });

  describe('refuses', () => {
    const error = async (answer: Response) => ({
      status: answer.status,
      ...((await answer.json()) as object),
    });

    it('a caller without the right token', async () => {
      const answer = await ask(
        'POST',
        '/api/v1/statuses',
        { status: 'x' },
        { authorization: 'Bearer wrong' },
      );
      expect(await error(answer)).toEqual({ status: 401, error: 'The access token is invalid' });
    });

    it('a blank post', async () => {
      expect(await error(await post({ status: ' \n' }))).toEqual({
        status: 422,
        error: "Validation failed: Text can't be blank",
      });
    });

    it('the 501st character, but not the 500th', async () => {
      expect((await post({ status: 'ŵ'.repeat(500) })).status).toBe(200);
      expect(await error(await post({ status: 'ŵ'.repeat(501) }))).toEqual({
        status: 422,
        error: 'Validation failed: Text character limit of 500 exceeded',
      });
    });

    it('a content warning that takes the text over the limit', async () => {
      expect((await post({ status: 'x'.repeat(490), spoiler_text: 'y'.repeat(11) })).status).toBe(422);
    });

    it('a reply to a post that is gone', async () => {
      const first = await posted('FLOOD');
      await ask('DELETE', `/api/v1/statuses/${first.id}`);
      expect((await post({ status: 'UPDATE', in_reply_to_id: first.id })).status).toBe(404);
    });

    it('the post of another account to whoever wants to edit or delete it', async () => {
      const first = await posted('FLOOD');
      const other = { authorization: 'Bearer practice-token-rhybuddion-sir' };
      expect((await ask('PUT', `/api/v1/statuses/${first.id}`, { status: 'x' }, other)).status).toBe(404);
      expect((await ask('DELETE', `/api/v1/statuses/${first.id}`, undefined, other)).status).toBe(404);
    });

    it('the 301st call within five minutes, and says in ISO 8601 when to come back', async () => {
      await world.close();
      await open({ mastodon: { callsPerWindow: 2 } });
      await posted('one');
      const second = await post({ status: 'two' });
      expect(second.headers.get('x-ratelimit-remaining')).toBe('0');
      const third = await post({ status: 'three' });
      expect(third.status).toBe(429);
      expect(third.headers.get('x-ratelimit-reset')).toBe('2026-11-21T14:05:00.000000Z');
      now = Date.parse('2026-11-21T14:05:00.000Z');
      expect((await post({ status: 'three' })).status).toBe(200);
    });

    it('the 31st removal within half an hour', async () => {
      await world.close();
      await open({ mastodon: { removalsPerWindow: 1 } });
      const [one, two] = [await posted('one'), await posted('two')];
      expect((await ask('DELETE', `/api/v1/statuses/${one.id}`)).status).toBe(200);
      expect((await ask('DELETE', `/api/v1/statuses/${two.id}`)).status).toBe(429);
    });
  });

  it('counts an address as 23 characters, a bare domain as it is, and a mention without its server', async () => {
    const link = `https://example.org/${'a'.repeat(400)}`;
    expect((await post({ status: 'x'.repeat(476) + ' ' + link })).status).toBe(200);
    expect((await post({ status: 'x'.repeat(477) + ' ' + link })).status).toBe(422);
    expect((await post({ status: 'x'.repeat(487) + ' gov.uk/alerts' })).status).toBe(422);
    expect((await post({ status: 'x'.repeat(497) + ' @a@very.long.domain.example' })).status).toBe(200);
  });

  it('tells its limits before anybody posts', async () => {
    const instance = await get<{ configuration: { statuses: object } }>('/api/v2/instance');
    expect(instance.configuration.statuses).toMatchObject({
      max_characters: 500,
      characters_reserved_per_url: 23,
    });
    await world.close();
    await open({ mastodon: { tellsLimits: false } });
    expect((await ask('GET', '/api/v2/instance')).status).toBe(404);
  });

  it('edits under the same id, and deletes so that nobody finds it', async () => {
    const first = await posted('FLOOD: leave by 3 pm');
    const edited = (await (
      await ask('PUT', `/api/v1/statuses/${first.id}`, { status: 'FLOOD: leave now' })
    ).json()) as Status;
    expect(edited).toMatchObject({
      id: first.id,
      content: '<p>FLOOD: leave now</p>',
      edited_at: '2026-11-21T14:00:00.000Z',
    });
    await world.close();
    await open();
    expect(await get(`/api/v1/statuses/${first.id}`)).toMatchObject({ content: '<p>FLOOD: leave now</p>' });
    expect((await ask('DELETE', `/api/v1/statuses/${first.id}`)).status).toBe(200);
    expect((await ask('GET', `/api/v1/statuses/${first.id}`)).status).toBe(404);
  });

  describe('the public', () => {
    it('shares little by little, and in the end as often as the seed says', async () => {
      const whole = new SeededPublic('wainfleet').toPost('county_warnings', 1);
      const { id } = await posted('FLOOD');
      const seen: number[] = [];
      for (const elapsed of [0, 2_000, 5_000, 10_000, 90_000]) {
        now = START + elapsed;
        seen.push((await get<Status>(`/api/v1/statuses/${id}`)).reblogs_count);
      }
      expect(seen[0]).toBe(0);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(seen.slice(-2)).toEqual([whole.shares, whole.shares]);
      expect(await get<Status>(`/api/v1/statuses/${id}`)).toMatchObject({
        favourites_count: whole.likes,
        replies_count: whole.replies.length,
      });
    });

    it('does the same to the same post of another run, whatever its id and whatever was posted elsewhere', async () => {
      await posted('FLOOD');
      now += 20_000;
      const first = (await get<Status[]>(`/api/v1/accounts/${await me()}/statuses`))[0];
      await world.close();
      await rm(dataDir, { recursive: true });
      now += 777_777;
      await open();
      await ask(
        'POST',
        '/api/v1/statuses',
        { status: 'Llifogydd' },
        { authorization: 'Bearer practice-token-rhybuddion-sir' },
      );
      await posted('something else entirely');
      now += 20_000;
      const second = (await get<Status[]>(`/api/v1/accounts/${await me()}/statuses`))[0];
      expect(second?.id).not.toBe(first?.id);
      expect(second?.reblogs_count).toBe(first?.reblogs_count);
    });

    it('replies in the thread and in the notifications, which can be read from where one stopped', async () => {
      const { id } = await posted('FLOOD');
      now += 5_000;
      type Mention = { id: string; type: string; status: Status };
      const early = await get<Mention[]>('/api/v1/notifications?types[]=mention');
      now += 5_000;
      const newest = early[0]?.id ?? '0';
      const late = await get<Mention[]>(`/api/v1/notifications?types[]=mention&min_id=${newest}`);
      const all = await get<Mention[]>('/api/v1/notifications');
      expect(all).toEqual([...late, ...early]);
      expect(all).toHaveLength(new SeededPublic('wainfleet').toPost('county_warnings', 1).replies.length);
      expect(all.every((mention) => mention.status.in_reply_to_id === id)).toBe(true);
      const thread = await get<{ descendants: Status[] }>(`/api/v1/statuses/${id}/context`);
      expect(thread.descendants.map((status) => status.id).sort()).toEqual(
        all.map((each) => each.status.id).sort(),
      );
    });
  });

  it('shows several posts at once, leaves out those that are gone, and refuses more than a page', async () => {
    const [one, two] = [await posted('one'), await posted('two')];
    const both = await get<Status[]>(`/api/v1/statuses?id[]=${one.id}&id[]=${two.id}&id[]=1`);
    expect(both.map((status) => status.id)).toEqual([one.id, two.id]);
    const many = Array.from({ length: 21 }, (_, n) => `id[]=${n}`).join('&');
    expect((await ask('GET', `/api/v1/statuses?${many}`)).status).toBe(422);
  });

  describe('asked to post later', () => {
    const later = (ms: number) => ({ status: 'FLOOD', scheduled_at: new Date(START + ms).toISOString() });

    it('answers with another entity and posts nothing now, so that a client finds out', async () => {
      const answer = await post(later(600_000), 'dlv_1');
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        scheduled_at: '2026-11-21T14:10:00.000Z',
        params: { text: 'FLOOD' },
      });
      expect(await get<Status[]>(`/api/v1/accounts/${await me()}/statuses`)).toEqual([]);
    });

    it('refuses less than five minutes from now, and what is no time', async () => {
      expect((await post(later(299_999))).status).toBe(422);
      expect((await post(later(300_000))).status).toBe(200);
      expect((await post({ status: 'FLOOD', scheduled_at: 'tomorrow' })).status).toBe(422);
    });
  });

  it('leaves answers out where it is asked for first posts alone, and knows no account that is none', async () => {
    const first = await posted('FLOOD');
    await post({ status: 'UPDATE', in_reply_to_id: first.id });
    const own = await get<Status[]>(`/api/v1/accounts/${await me()}/statuses?exclude_replies=true`);
    expect(own.map(({ id }) => id)).toEqual([first.id]);
    expect((await ask('GET', '/api/v1/accounts/1/statuses')).status).toBe(404);
  });

  it('answers a reply of the public, and tells of nothing but mentions', async () => {
    await posted('FLOOD');
    now += 10_000;
    const [mention] = await get<{ status: Status }[]>('/api/v1/notifications');
    const answer = await post({ status: 'Call 999', in_reply_to_id: mention?.status.id ?? '' });
    expect(await answer.json()).toMatchObject({ in_reply_to_id: mention?.status.id });
    expect(await get<Status>(`/api/v1/statuses/${mention?.status.id}`)).toMatchObject({
      id: mention?.status.id,
    });
    expect(await get('/api/v1/notifications?types[]=favourite')).toEqual([]);
    expect((await ask('GET', '/api/v1/statuses/7/context')).status).toBe(404);
    expect((await ask('GET', '/api/v1/statuses/7')).status).toBe(404);
  });

  it('keeps a thread together: the update answers the first post', async () => {
    const first = await posted('FLOOD');
    const update = (await (await post({ status: 'UPDATE', in_reply_to_id: first.id })).json()) as Status;
    expect(update.in_reply_to_id).toBe(first.id);
    const above = await get<{ ancestors: Status[] }>(`/api/v1/statuses/${update.id}/context`);
    expect(above.ancestors.map((status) => status.id)).toEqual([first.id]);
  });

  async function me(): Promise<string> {
    return (await get<{ id: string }>('/api/v1/accounts/verify_credentials')).id;
  }

  describe('on request', () => {
    it('answers 429 with the moment to come back, and posts nothing', async () => {
      world.faults.order({ channel: 'mastodon', kind: '429', ms: 60_000 });
      const answer = await post({ status: 'FLOOD' }, 'dlv_6');
      expect(answer.status).toBe(429);
      expect(answer.headers.get('x-ratelimit-reset')).toBe('2026-11-21T14:01:00.000000Z');
      expect(await get<Status[]>(`/api/v1/accounts/${await me()}/statuses`)).toEqual([]);
    });

    it('cuts the link after the body: the post stands, and the same key finds it', async () => {
      world.faults.order({ channel: 'mastodon', kind: 'cut-after-body' });
      await expect(post({ status: 'FLOOD' }, 'dlv_7')).rejects.toThrow();
      const [standing] = await get<Status[]>(`/api/v1/accounts/${await me()}/statuses`);
      expect((await posted('FLOOD', 'dlv_7')).id).toBe(standing?.id);
    });

    it('cuts the link before the body: nothing stands', async () => {
      world.faults.order({ channel: 'mastodon', kind: 'cut-before-body' });
      await expect(post({ status: 'FLOOD' }, 'dlv_8')).rejects.toThrow();
      expect(await get<Status[]>(`/api/v1/accounts/${await me()}/statuses`)).toEqual([]);
    });

    it.each([
      ['503', 503],
      ['401', 401],
      ['refuse', 422],
    ])('answers %s and posts nothing', async (kind, status) => {
      world.faults.order({ channel: 'mastodon', kind });
      expect((await post({ status: 'FLOOD' })).status).toBe(status);
      expect(await get<Status[]>(`/api/v1/accounts/${await me()}/statuses`)).toEqual([]);
    });

    it.each([
      ['500-after-body', 500],
      ['rubbish', 200],
    ])('answers %s although it has posted', async (kind, status) => {
      world.faults.order({ channel: 'mastodon', kind });
      const answer = await post({ status: 'FLOOD' });
      expect(answer.status).toBe(status);
      await expect(answer.json().then((body) => (body as Status).id.length)).rejects.toThrow();
      expect(await get<Status[]>(`/api/v1/accounts/${await me()}/statuses`)).toHaveLength(1);
    });

    it('is slow, and then does what it was asked', async () => {
      world.faults.order({ channel: 'mastodon', kind: 'slow', ms: 120 });
      const began = performance.now();
      expect((await post({ status: 'FLOOD' })).status).toBe(200);
      expect(performance.now() - began).toBeGreaterThan(110);
    });

    it('never answers, and leaves it to the caller to give up', async () => {
      world.faults.order({ channel: 'mastodon', kind: 'hang' });
      const waiting = fetch(`${world.url}/api/v1/statuses`, {
        method: 'POST',
        signal: AbortSignal.timeout(150),
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ status: 'FLOOD' }),
      });
      await expect(waiting).rejects.toThrow(/timeout/i);
    });

    it('strikes one account and spares the other', async () => {
      world.faults.order({ channel: 'mastodon', kind: '503', to: 'rhybuddion_sir', count: null });
      expect((await post({ status: 'FLOOD' })).status).toBe(200);
      const other = { authorization: 'Bearer practice-token-rhybuddion-sir' };
      expect((await ask('POST', '/api/v1/statuses', { status: 'Llifogydd' }, other)).status).toBe(503);
    });
  });
});
