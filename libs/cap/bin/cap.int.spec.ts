import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { capText } from '../src/testing/builders.js';
import { makeIdentity } from '../src/testing/certificates.js';
import { fullSample } from '../src/testing/samples.js';

let folder: string;
let command: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cap-'));
  command = join(folder, 'cap.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'cap.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: command,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const cap = (...args: readonly string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    env: {},
    maxBuffer: 1e9,
  });
  return { code: status, out: stdout, err: stderr };
};
const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
const cancel = capText({
  identifier: '<identifier>FLOOD-2</identifier>',
  sent: '<sent>2026-11-21T10:30:00-00:00</sent>',
  msgType: '<msgType>Cancel</msgType>',
  references: '<references>ea@example.org,FLOOD-1,2026-11-21T09:30:00+00:00</references>',
  info: '',
});

describe('cap check', () => {
  it('prints one JSON line per file and exits 0 whatever the files say', () => {
    const good = file('good.xml', capText());
    const bad = file('bad.xml', capText({ status: '<status>Real</status>' }));
    const html = file('page.xml', '<html></body>');
    const gone = join(folder, 'gone.xml');
    const { code, out, err } = cap('check', good, bad, html, gone);
    expect([code, err]).toEqual([0, '']);
    const alert = {
      sender: 'ea@example.org',
      identifier: 'FLOOD-1',
      sent: '2026-11-21T09:30:00-00:00',
      version: '1.2',
      msgType: 'Alert',
      references: [],
      signatures: [],
    };
    expect(lines(out)).toEqual([
      { file: good, wellFormed: true, alerts: [{ ...alert, status: 'Actual', valid: true, problems: [] }] },
      {
        file: bad,
        wellFormed: true,
        alerts: [
          {
            ...alert,
            status: 'Real',
            valid: false,
            problems: [
              {
                code: 'word',
                level: 'reject',
                path: '/alert/status',
                message: expect.stringContaining('Exercise'),
              },
            ],
          },
        ],
      },
      {
        file: html,
        wellFormed: false,
        refused: { code: 'not-well-formed', message: expect.any(String) },
        alerts: [],
      },
      {
        file: gone,
        wellFormed: false,
        refused: { code: 'unreadable', message: expect.any(String) },
        alerts: [],
      },
    ]);
  });

  it('counts the entries of a feed that only link', () => {
    const feed = file(
      'feed.xml',
      '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="a"/></entry><entry><link href="b"/></entry></feed>',
    );
    expect(lines(cap('check', feed).out)).toEqual([{ file: feed, wellFormed: true, links: 2, alerts: [] }]);
  });

  it('is softer with --lenient, and the schema’s verdict is not', () => {
    const path = file('z.xml', capText({ sent: '<sent>2026-11-21T09:30:00Z</sent>' }));
    const [line] = lines(cap('check', '--lenient', path).out);
    expect(line).toMatchObject({
      alerts: [{ valid: false, problems: [{ code: 'date-time', level: 'error' }] }],
    });
  });

  it('reads 300 files in one run without growing', () => {
    const path = file('many.xml', capText());
    const { code, out } = cap('check', ...Array.from({ length: 300 }, () => path));
    expect([code, lines(out).length]).toEqual([0, 300]);
  });

  it.each([
    [[]],
    [['check']],
    [['chekc', 'x']],
    [['check', '--strict', 'x']],
    [['check', '--trust', 'nobody', 'x']],
    [['convert']],
    [['sign', 'x']],
  ])('exits 2 on wrong usage: %j', (args) => {
    const { code, out, err } = cap(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^cap: /);
  });

  it.each([
    [['sign', 'x'], 'cap: sign needs a private key: add --key KEY.pem (see cap sign --help)\n'],
    [
      ['sign', '--key', 'key.pem'],
      'cap: sign takes one file: name the alert to be signed (see cap sign --help)\n',
    ],
  ])('says in one sentence what to do: %j', (args, sentence) => {
    expect(cap(...args)).toEqual({ code: 2, out: '', err: sentence });
  });

  it('says in plain words that a file is not there, or is a folder, whichever command asks for it', () => {
    const gone = join(folder, 'gone.xml');
    const why = (path: string) => lines(cap('check', path).out)[0];
    expect(why(gone)).toMatchObject({ refused: { code: 'unreadable', message: `there is no file ${gone}` } });
    expect(why(folder)).toMatchObject({ refused: { message: `${folder} is a folder: name a file in it` } });
    for (const args of [
      ['convert', gone],
      ['verify', gone],
      ['check', '--trust', `ea@example.org=${gone}`, 'x'],
      ['sign', '--key', gone, 'x'],
    ])
      expect(cap(...args).err.split('\n')[0]).toBe(`cap: there is no file ${gone}`);
    expect(cap('convert', folder).err).toContain(`cap: ${folder} is a folder: name a file in it\n`);
  });

  it('says so in one sentence when the key file holds no key', () => {
    const { code, err } = cap('sign', '--key', file('no-key.pem', 'hello'), file('unsigned.xml', capText()));
    expect([code, err.split('\n').length]).toEqual([2, 2]);
    expect(err).toContain('holds no private key');
  });

  it.each(['check', 'convert', 'geojson', 'thread', 'sign', 'verify'])(
    '%s has --help with an example',
    (name) => {
      const { code, out } = cap(name, '--help');
      expect(code).toBe(0);
      expect(out).toContain(`Example:\n  npm run --silent cap -- ${name}`);
    },
  );
});

describe('the other commands', () => {
  it('convert raises CAP 1.0 to 1.2', () => {
    const { code, out } = cap('convert', file('old.xml', fullSample('1.0')));
    expect(code).toBe(0);
    expect(lines(cap('check', file('new.xml', out)).out)).toMatchObject([
      { alerts: [{ version: '1.2', valid: true }] },
    ]);
  });

  it('geojson gives a feature per area, and says why one has no geometry', () => {
    const whole = JSON.parse(cap('geojson', file('a.xml', capText())).out) as { features: unknown[] };
    expect(whole).toMatchObject({
      type: 'FeatureCollection',
      features: [{ geometry: { type: 'MultiPolygon' }, properties: { areaDesc: 'Wainfleet' } }],
    });
    const open = cap('geojson', file('b.xml', capText({ polygon: '' }))).out;
    expect(JSON.parse(open)).toMatchObject({
      features: [{ geometry: null, properties: { refused: { reason: 'no-geometry' } } }],
    });
  });

  it('thread shows what a cancel ended, whichever file comes first', () => {
    const [one, two] = [file('1.xml', capText()), file('2.xml', cancel)];
    const { out } = cap('thread', two, one);
    expect(cap('thread', one, two).out).toBe(out);
    expect(JSON.parse(out)).toMatchObject([
      {
        state: 'ended',
        live: [],
        missing: [],
        messages: [
          { identifier: 'FLOOD-1', state: 'cancelled' },
          { identifier: 'FLOOD-2', state: 'notice' },
        ],
      },
    ]);
  });

  it('sign and verify with key and certificate files', () => {
    const ann = makeIdentity({ name: 'Environment Agency', kind: 'ec' });
    const key = file('key.pem', ann.key.export({ type: 'pkcs8', format: 'pem' }).toString());
    const certificate = file('cert.pem', ann.certificate.toString());
    const { code, out } = cap(
      'sign',
      '--key',
      key,
      '--cert',
      certificate,
      '--c14n',
      'c14n-1.1',
      file('plain.xml', capText()),
    );
    expect(code).toBe(0);
    const signed = file('signed.xml', out);
    const verified = cap('verify', '--cert', certificate, signed);
    expect([verified.code, lines(verified.out)]).toMatchObject([0, [{ signatures: [{ verdict: 'valid' }] }]]);
    expect(lines(cap('check', signed).out)).toMatchObject([
      {
        alerts: [
          {
            valid: true,
            signatures: [{ verdict: 'untrusted', canonicalization: 'http://www.w3.org/2006/12/xml-c14n11' }],
          },
        ],
      },
    ]);
    expect(lines(cap('check', '--trust', `ea@example.org=${certificate}`, signed).out)).toMatchObject([
      { alerts: [{ signatures: [{ verdict: 'valid' }] }] },
    ]);
    expect(
      cap('verify', '--cert', certificate, file('changed.xml', out.replace('rising', 'falling'))).code,
    ).toBe(1);
  });
});
