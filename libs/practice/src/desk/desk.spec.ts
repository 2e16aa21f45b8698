import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PracticeWorld } from '../practice-world.js';
import { SmppPeer, SmtpDialogue } from '../testing/index.js';

const AUTHORIZATION = 'Bearer practice-token-county-warnings';

describe('the desk of the practice world', () => {
  let dataDir: string;
  let world: PracticeWorld;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'larum-desk-'));
    world = await PracticeWorld.open({ dataDir, seed: 'wainfleet', population: { mail: {}, texts: {} } });
  });
  afterEach(async () => {
    await world.close();
    await rm(dataDir, { recursive: true });
  });

  const get = (path: string) => fetch(`${world.url}${path}`);
  const page = async (path = '/') => (await get(path)).text();
  const lines = async (path: string) =>
    (await page(path))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const order = (fault: unknown, type = 'application/json') =>
    fetch(`${world.url}/practice/faults`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(fault),
    });
  const post = (status: string, language = 'en') =>
    fetch(`${world.url}/api/v1/statuses`, {
      method: 'POST',
      headers: {
        authorization: AUTHORIZATION,
        'content-type': 'application/json',
        'idempotency-key': `key of ${status}`,
      },
      body: JSON.stringify({ status, language }),
    });
  async function mail(to: string, subject: string): Promise<void> {
    const smtp = await SmtpDialogue.begin(world.ports.smtp);
    await smtp.send('b@bounce.example', to, `Message-ID: <1@x>\r\nSubject: ${subject}\r\n\r\nLeave now.\r\n`);
    smtp.end();
  }
  async function text(to: string, words: string): Promise<void> {
    const smpp = new SmppPeer(world.ports.smpp);
    await smpp.bind();
    await smpp.submit(to, Buffer.from(words));
    smpp.end();
  }

  describe('tells what arrived', () => {
    it('on every channel, oldest first, one line each', async () => {
      await post('FLOOD');
      await mail('ann@example.org', 'FLOOD');
      await text('447700900123', 'FLOOD');
      expect(await lines('/practice/arrivals')).toMatchObject([
        { fact: 'post', channel: 'mastodon', to: 'county_warnings', key: 'key of FLOOD', text: 'FLOOD' },
        { fact: 'mail', channel: 'email', to: 'ann@example.org', key: '<1@x>', text: 'Leave now.\n' },
        { fact: 'text', channel: 'sms', to: '447700900123', text: 'FLOOD', parts: 1 },
      ]);
    });

    it('on one channel, and from where one stopped', async () => {
      await post('one');
      await mail('ann@example.org', 'FLOOD');
      await post('two');
      expect((await lines('/practice/arrivals?channel=mastodon')).map(({ text }) => text)).toEqual([
        'one',
        'two',
      ]);
      expect((await lines('/practice/arrivals?from=2')).map(({ text }) => text)).toEqual(['two']);
      expect((await get('/practice/arrivals?channel=pigeon')).status).toBe(400);
    });

    it('in numbers, with what was turned away', async () => {
      await post('FLOOD');
      await text('nobody', 'FLOOD');
      expect(await (await get('/practice/counts')).json()).toMatchObject({
        mastodon: { arrived: 1, refused: 0 },
        sms: { arrived: 0, refused: 1 },
        owed: { sms: 0, incompleteTexts: 0, email: 0 },
      });
    });

    it('thousands of them as one stream', async () => {
      const smtp = await SmtpDialogue.begin(world.ports.smtp);
      for (let n = 0; n < 1_500; n += 1) {
        smtp.write(
          `MAIL FROM:<>\r\nRCPT TO:<p${n}@example.org>\r\nDATA\r\nMessage-ID: <${n}@x>\r\n\r\nx\r\n.\r\n`,
        );
      }
      for (let n = 0; n < 1_500 * 4; n += 1) await smtp.reply();
      smtp.end();
      expect((await lines('/practice/arrivals?channel=email')).map(({ key }) => key)).toEqual(
        Array.from({ length: 1_500 }, (_, n) => `<${n}@x>`),
      );
    });

    it('and hands out no mail where none arrived', async () => {
      await post('FLOOD');
      for (const position of ['0', '7', '-1', 'x'])
        expect((await get(`/practice/mails/${position}`)).status).toBe(404);
    });
  });

  describe('takes orders for faults', () => {
    it('lists them until they have struck, and takes them away', async () => {
      expect((await order({ channel: 'mastodon', kind: '503', count: 2 })).status).toBe(201);
      expect((await order({ channel: 'sms', kind: 'throttle' })).status).toBe(201);
      expect((await post('FLOOD')).status).toBe(503);
      type Listed = { faults: { channel: string; struck: number }[] };
      expect(((await (await get('/practice/faults')).json()) as Listed).faults).toMatchObject([
        { channel: 'mastodon', struck: 1 },
        { channel: 'sms', struck: 0 },
      ]);
      await fetch(`${world.url}/practice/faults?channel=mastodon`, { method: 'DELETE' });
      expect((await post('FLOOD')).status).toBe(200);
      expect(((await (await get('/practice/faults')).json()) as Listed).faults).toHaveLength(1);
    });

    it.each([
      [{ channel: 'sms', kind: 'explode' }, /sms knows the faults slow, refuse/],
      [{ channel: 'pigeon', kind: 'slow' }, /channel/],
      [{ channel: 'sms', kind: 'slow', ms: -1 }, /ms/],
      [{ channel: 'sms', kind: 'slow', often: true }, /often/],
      ['nonsense', /expected object/],
    ])('refuses %j and says what is wrong', async (fault, detail) => {
      const answer = await order(fault);
      expect(answer.status).toBe(400);
      expect(((await answer.json()) as { detail: string }).detail).toMatch(detail);
    });

    it('refuses what a form of some web page could send', async () => {
      expect((await order({ channel: 'sms', kind: 'slow' }, 'text/plain')).status).toBe(415);
    });
  });

  describe('shows a page', () => {
    it('with every post, mail and text, newest first', async () => {
      await post('FLOOD: river over the wall');
      await mail('ann@example.org', 'FLOOD: Wainfleet');
      await text('447700900123', 'FLOOD: leave');
      const shown = await page();
      const places = ['FLOOD: leave', 'FLOOD: Wainfleet', 'FLOOD: river over the wall'].map((words) =>
        shown.indexOf(words),
      );
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places).not.toContain(-1);
      expect(shown).toMatch(/Mastodon: 1<.*Bluesky: 0<.*E-mail: 1<.*Texts: 1</s);
      expect(shown).toContain('Nothing here leaves this machine');
    });

    it('of one channel alone, and says which', async () => {
      await post('FLOOD');
      await mail('ann@example.org', 'Wainfleet');
      const shown = await page('/?channel=email');
      expect(shown).toContain('Wainfleet');
      expect(shown).not.toContain('@county_warnings posted');
      expect(shown).toMatch(/href="\/\?channel=email"\s+aria-current="page"/);
    });

    it('on which nothing that arrived can do anything', async () => {
      await post('<img src=x onerror="alert(1)">');
      await mail('"><script>alert(2)</script>@example.org', '</pre><script>alert(3)</script>');
      const shown = await page();
      expect(shown).not.toMatch(/<img|<script>/);
      expect(shown).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
      const answer = await get('/');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    });

    it('that says its language and that of each post, has one heading and names its parts', async () => {
      await post('Llifogydd', 'cy');
      const shown = await page();
      expect(shown).toContain('<html lang="en-GB">');
      expect(shown).toMatch(/<pre dir="auto"\s+lang="cy">Llifogydd<\/pre>/);
      expect(shown.match(/<h1>/g)).toHaveLength(1);
      expect(shown).toContain('<main>');
      expect(shown).toContain('aria-label="Channels"');
    });

    it('in pages of a hundred', async () => {
      for (let n = 0; n < 101; n += 1) await post(`number ${n}.`);
      const newest = await page();
      expect(newest.match(/<article/g)).toHaveLength(100);
      expect(newest).not.toContain('number 0.');
      const older = await page(/href="(\?before=\d+)"/.exec(newest)![1]!.replace(/^/, '/'));
      expect(older).toContain('number 0.');
      expect(older.match(/<article/g)).toHaveLength(1);
    });

    it('with its own style and script, and nothing from anywhere else', async () => {
      const shown = await page();
      const sources = [...shown.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, source]) => source);
      expect(sources.every((source) => source?.startsWith('/'))).toBe(true);
      for (const file of ['/practice/page.css', '/practice/page.js'])
        expect((await get(file)).status).toBe(200);
    });

    it('that leads from an answer to what it answers, and from old arrivals back to the new', async () => {
      const { id } = (await (await post('FLOOD')).json()) as { id: string };
      await fetch(`${world.url}/api/v1/statuses`, {
        method: 'POST',
        headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
        body: JSON.stringify({ status: 'FLOOD is over', in_reply_to_id: id }),
      });
      const shown = await page();
      expect(shown).toContain(`href="/?channel=mastodon#m${id}">an earlier post</a>`);
      expect(shown.match(/an earlier post/g)).toHaveLength(1);
      expect(shown).not.toContain('Newest arrivals');
      expect(await page('/?channel=mastodon&before=1')).toContain(
        'href="/?channel=mastodon">Newest arrivals</a>',
      );
    });

    it('that says in words what was not taken, and what was told to the sender', async () => {
      await text('12', 'FLOOD');
      const shown = await page();
      expect(shown).toMatch(/<article[^>]* class="refused">\s*<h2>Not taken: to 12<\/h2>/);
      expect(shown).toMatch(/<pre[^>]*>[^<]*0x0b/i);
      expect(shown).toMatch(/Texts: 0, 1 not taken</);
    });

    it('whose times are told to machines and to people, in UTC', async () => {
      await post('FLOOD');
      const [, machine, people] = /<time datetime="([^"]+)">([^<]+)<\/time>/.exec(await page())!;
      expect(new Date(machine!).toISOString()).toBe(machine);
      expect(people).toBe(`${machine!.slice(0, 10)} ${machine!.slice(11, 19)} UTC`);
    });

    it('whose title says which channel it shows', async () => {
      expect(await page('/?channel=sms')).toContain(
        '<title>Texts: what arrived in the practice world</title>',
      );
      expect(await page()).toContain('<title>what arrived in the practice world</title>');
    });

    it.each(['/?channel=fax', '/?before=soon', '/?channel=%3Cscript%3E', '/?before=-1', '/?before=1e999'])(
      'whatever is asked of it: %s',
      async (path) => {
        await post('FLOOD');
        const answer = await get(path);
        expect(answer.status).toBe(200);
        expect(await answer.text()).not.toContain('<script>');
      },
    );

    it('to which the address of a status leads', async () => {
      const { url, id } = (await (await post('FLOOD')).json()) as { url: string; id: string };
      const shown = await (await fetch(url)).text();
      expect(shown).toContain(`<article id="m${id}"`);
    });
  });

  it('says that it lives', async () => {
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/nowhere')).status).toBe(404);
  });
});
