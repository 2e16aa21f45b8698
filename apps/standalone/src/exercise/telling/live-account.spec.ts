import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LarumClient } from '../larum-client.js';
import { liveAccount, type LiveAccount } from './live-account.js';

let server: Server;
let stream: ServerResponse | undefined;
let printed: string[];
let account: LiveAccount;
let ending: AbortController;
const isOpen = async (): Promise<ServerResponse> => {
  if (stream !== undefined) return stream;
  await sleep(5);
  return isOpen();
};
beforeEach(async () => {
  printed = [];
  ending = new AbortController();
  stream = undefined;
  server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    stream = response;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  account = await liveAccount(new LarumClient(url, 'eve'), (line) => void printed.push(line), ending.signal);
});
afterEach(async () => {
  account.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const message = (type: string, data: object, time = '2026-11-21T10:00:00.123Z') =>
  `id: 5d1c0a7e-1\nevent: ${type}\ndata: ${JSON.stringify({ type, time, data: { type, ...data } })}\n\n`;
const reply = (text: string) =>
  message('InboundReceived', { channel: 'social', text, from: '@ann', at: '2026-11-21T10:00:00.000Z' });

/** Sends bytes in these pieces, and waits until `lines` lines were printed. */
async function sent(pieces: readonly (string | Uint8Array)[], lines: number): Promise<string[]> {
  const open = await isOpen();
  for (const piece of pieces) {
    open.write(piece);
    await sleep(5);
  }
  for (let looks = 0; printed.length < lines && looks < 4_000; looks += 1) await sleep(5);
  await sleep(20);
  return printed;
}

describe('the account of an exercise', () => {
  it('tells an event in plain words at its time', async () => {
    const [line] = await sent(
      [message('IncidentOpened', { name: 'Llanrwst flood', leadAgency: 'Police' })],
      1,
    );
    expect(line).toMatch(/^10:00:00\.123 {2}incident opened: Llanrwst flood/);
  });

  it('is told whole, however the bytes were cut on their way, in the middle of a letter too', async () => {
    const bytes = new TextEncoder().encode(
      message('IncidentOpened', { name: 'Llifogydd Dŵr', leadAgency: 'Heddlu' }).repeat(2),
    );
    const cuts = [0, 1, 40, bytes.indexOf(0xc5) + 1, bytes.length - 1, bytes.length];
    const pieces = cuts.slice(1).map((end, n) => bytes.slice(cuts[n], end));
    const lines = await sent(pieces, 2);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('Llifogydd Dŵr');
  });

  it.each([
    'ChunkPlanned',
    'EngagementSampled',
    'ReceiptsCounted',
    'AccountReported',
    'AccountHealthReported',
  ])('leaves out %s, which comes by the dozen', async (type) => {
    const lines = await sent([message(type, {}), message('IncidentOpened', { name: 'x' })], 1);
    expect(lines).toEqual([expect.stringContaining('incident opened')]);
  });

  it('tells a group of recipients, a plan and a post when they are finished, not while they go on', async () => {
    const counts = { accepted: 1, refused: 0, suppressed: 0, cancelled: 0, expired: 0, unknown: 0 };
    const chunk = { channel: 'sms', version: 1, act: 'issue', chunk: 0 };
    const lines = await sent(
      [
        message('ChunkReported', { ...chunk, counts: { ...counts, pending: 3 } }),
        message('PlanReported', { channel: 'sms', version: 1, act: 'issue', planned: 3, complete: false }),
        message('PostReported', { platform: 'mastodon', version: 1, language: 'en-GB', state: 'pending' }),
        message('ChunkReported', { ...chunk, counts: { ...counts, pending: 0 } }),
        message('PlanReported', { channel: 'sms', version: 1, act: 'issue', planned: 3, complete: true }),
        message('PostReported', { platform: 'mastodon', version: 1, language: 'en-GB', state: 'accepted' }),
      ],
      3,
    );
    expect(lines).toHaveLength(3);
  });

  it('reads out the first six answers of the public, and says where the others are', async () => {
    const answers = Array.from({ length: 9 }, (_, n) => reply(`answer ${n + 1}`));
    const lines = await sent([...answers, message('IncidentOpened', { name: 'after them' })], 8);
    expect(lines).toHaveLength(8);
    expect(lines[5]).toContain('answer 6');
    expect(lines[6]).toContain('further answers are counted in the closing table');
    expect(lines[7]).toContain('after them');
  });

  it('lets the exercise wait until a step of a version has been told', async () => {
    const waiting = account.told('WarningSubmitted', 2).then(() => printed.length);
    const step = (version: number) => message('WarningSubmitted', { version, content: { event: 'Flood' } });
    await sent([step(1), message('WarningIssued', { version: 2, content: {} }), step(2)], 3);
    expect(await waiting).toBe(3);
  });

  it('does not let it wait for what has been told already', async () => {
    await sent([message('WarningSubmitted', { version: 1, content: {} })], 1);
    expect(
      await Promise.race([account.told('WarningSubmitted', 1), sleep(15_000, 'waited', { ref: false })]),
    ).toBeUndefined();
  });

  it('does not let it wait for a stream that was cut', async () => {
    const waiting = account.told('WarningSubmitted', 1);
    (await isOpen()).destroy();
    expect(await Promise.race([waiting, sleep(15_000, 'waited', { ref: false })])).toBeUndefined();
    expect(await account.told('WarningIssued', 1)).toBeUndefined();
  }, 30_000);

  it('passes over a heartbeat', async () => {
    const lines = await sent([': still here\n\n', message('IncidentOpened', { name: 'x' })], 1);
    expect(lines).toHaveLength(1);
  });

  it('is silent once it is stopped, and says so when the stream ends by itself', async () => {
    await sent([message('IncidentOpened', { name: 'x' })], 1);
    account.stop();
    stream?.destroy();
    await sleep(50);
    expect(printed).toHaveLength(1);
  });

  it('is silent when the whole process stops, and holds nobody up', async () => {
    await sent([message('IncidentOpened', { name: 'x' })], 1);
    const waiting = account.told('WarningIssued', 1);
    ending.abort();
    stream?.destroy();
    await waiting;
    expect(printed).toHaveLength(1);
  }, 30_000);

  it('says when the stream was cut', async () => {
    (await isOpen()).destroy();
    for (let looks = 0; printed.length < 1 && looks < 4_000; looks += 1) await sleep(5);
    expect(printed[0]).toMatch(/^\(the live stream ended: /);
  });
});
