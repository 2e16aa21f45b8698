import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WarningContent } from '#contracts';
import { z } from 'zod';
import { afterwards, nextWarning, writeNextWarning } from './next-warning.js';

const NOW = Date.parse('2026-11-21T10:00:00.000Z');
const held = [
  { id: 'off_1', name: 'Ann', roles: ['author' as const], token: 'lrx_ann-token_1' },
  { id: 'off_2', name: 'Bob', roles: ['approver' as const], token: 'lrx_bob' },
];

const readText = (file: string): string => readFileSync(file, 'utf8');

/** Answers what the interface answers, and notes what it was asked. */
const GIVEN: Readonly<Record<string, object>> = {
  'POST /v1/incidents': { id: 'inc_1', revision: 1 },
  'POST /v1/warnings': { id: 'wrn_1', version: 1, revision: 1 },
  'POST /v1/warnings/wrn_1/submit': { revision: 2 },
  'GET /v1/warnings/wrn_1': {
    id: 'wrn_1',
    versions: [{ version: 1, contentHash: 'c'.repeat(64), areaHash: 'a'.repeat(64), contentHashes: 'no' }],
  },
  'POST /v1/warnings/wrn_1/approve': { revision: 3 },
  'GET /v1/warnings/wrn_1/report': { versions: [] },
  'POST /v1/warnings/wrn_1/cancel': { revision: 4 },
  'POST /v1/warnings/wrn_1/versions': { revision: 5 },
};
let answers: Record<string, object>;

let dataDir: string;
let server: Server;
let asked: { request: string; token: string; key: string; body: unknown }[];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "larum ann's data-"));
  asked = [];
  answers = { ...GIVEN };
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({
        request: `${method} ${url}`,
        token: headers.authorization ?? '',
        key: String(headers['idempotency-key']),
        body: body === '' ? undefined : JSON.parse(body),
      });
      response.end(JSON.stringify(answers[`${method} ${url}`] ?? { code: 'not-found' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(dataDir, { recursive: true });
});

/** What a shell prints when a person pastes these lines. */
function pasted(lines: readonly string[]): Promise<string> {
  const shell = spawn('sh', { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const from of [shell.stdout, shell.stderr])
    from.on('data', (data: Buffer) => (said += data.toString()));
  shell.stdin.end(`${lines.join('\n')}\n`);
  return new Promise((resolve) => shell.once('close', () => resolve(said)));
}

describe('the lines that send the next warning', () => {
  it('can be pasted into a shell as they stand, whatever the data folder is called', async () => {
    const file = writeNextWarning(dataDir, NOW);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const said = await pasted(nextWarning(url, held, file));
    expect(asked.map(({ request, token }) => [request, token.slice('Bearer '.length)])).toEqual([
      ['POST /v1/incidents', 'lrx_ann-token_1'],
      ['POST /v1/warnings', 'lrx_ann-token_1'],
      ['POST /v1/warnings/wrn_1/submit', 'lrx_ann-token_1'],
      ['GET /v1/warnings/wrn_1', 'lrx_bob'],
      ['POST /v1/warnings/wrn_1/approve', 'lrx_bob'],
      ['GET /v1/warnings/wrn_1/report', 'lrx_ann-token_1'],
    ]);
    expect(asked[1]?.body).toMatchObject({ incidentId: 'inc_1', content: { message: 'first' } });
    expect(asked[4]?.body).toEqual({ contentHash: 'c'.repeat(64), areaHash: 'a'.repeat(64) });
    expect(new Set(asked.map(({ key }) => key)).size).toBe(asked.length);
    expect(said.trim().split('\n')).toEqual(['{"revision":2}', '{"revision":3}', '{"versions":[]}']);
  });

  it('say why a line was refused, and send no empty name in its place without a word', async () => {
    answers['POST /v1/warnings'] = {
      errors: [],
      type: '/docs/problems#wrong-area',
      title: 'The area is empty or not an area',
      status: 400,
      detail: String.raw`correct "area" (a \ stays)`,
      code: 'wrong-area',
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const lines = nextWarning(url, held, writeNextWarning(dataDir, NOW));
    const said = await pasted(lines.slice(0, lines.findIndex((line) => line.startsWith('WARNING=')) + 1));
    expect(said).toBe(
      String.raw`refused: The area is empty or not an area: correct \"area\" (a \\ stays)` + '\n',
    );
  });

  it('go on to a whole update and to a cancel in the same shell', async () => {
    const file = writeNextWarning(dataDir, NOW);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const more = afterwards(file).filter((line) => line.startsWith('  '));
    const said = await pasted([...nextWarning(url, held, file), ...more]);
    expect(said.trim().split('\n').slice(-4)).toEqual([5, 2, 3, 4].map((n) => `{"revision":${n}}`));
    expect(asked.slice(-5).map(({ request }) => request.replace('/v1/warnings/wrn_1', ''))).toEqual([
      'POST /versions',
      'POST /submit',
      'GET ',
      'POST /approve',
      'POST /cancel',
    ]);
    const [begun, submitted, , approved, cancelled] = asked.slice(-5).map(({ body }) => body);
    const next = z.object({ content: WarningContent }).parse(begun);
    expect(next.content.message).toBe('update');
    expect(submitted).toEqual({ revision: 5 });
    expect(approved).toEqual({ contentHash: 'c'.repeat(64), areaHash: 'a'.repeat(64) });
    expect(cancelled).toEqual({ reason: 'sent in error' });
  });

  it('send a whole warning that is good for a week', () => {
    const content = WarningContent.parse(JSON.parse(readText(writeNextWarning(dataDir, NOW))) as unknown);
    expect(content.expiresAt).toBe('2026-11-28T10:00:00.000Z');
    expect(content.nextUpdateAt).toBe(content.expiresAt); // an hour from now would soon be long ago
  });

  it('are written anew at each start, so that they never grow old', () => {
    const first = readText(writeNextWarning(dataDir, NOW));
    expect(readText(writeNextWarning(dataDir, NOW + 1_000))).not.toBe(first);
  });
});
