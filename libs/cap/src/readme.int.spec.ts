import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  actsOn,
  areaToGeoJson,
  atomFeed,
  PROFILES,
  profileFindings,
  readCap,
  signCap,
  threadsOf,
  tidyAlert,
  writeCap,
} from './index.js';
import { anAlert, capText } from './testing/builders.js';
import { NAMESPACES } from './model/alert.js';
import { makeIdentity } from './testing/certificates.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const here = readFileSync(join(import.meta.dirname, 'readme.int.spec.ts'), 'utf8');
const squeezed = (text: string): string => text.replace(/\s+/g, '').replace(/,(?=[)}\]])/g, ''); // How lines are broken is not compared.
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cap-readme-'));
  const cancel = {
    identifier: '<identifier>FLOOD-2</identifier>',
    sent: '<sent>2026-11-21T10:30:00-00:00</sent>',
    msgType: '<msgType>Cancel</msgType>',
    references: '<references>ea@example.org,FLOOD-1,2026-11-21T09:30:00+00:00</references>',
    info: '',
  };
  const old =
    '<identifier>FLOOD-1</identifier><sender>ea@example.org</sender><sent>2002-11-21T09:30:00Z</sent><status>Actual</status>' +
    '<msgType>Alert</msgType><info><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>' +
    '<certainty>Very Likely</certainty></info>';
  const { key, certificate } = makeIdentity({ name: 'Environment Agency', kind: 'ec' });
  writeFileSync(join(folder, 'key.pem'), key.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'cert.pem'), certificate.toString());
  writeFileSync(join(folder, 'old.xml'), `<alert xmlns="${NAMESPACES['1.0']}">${old}</alert>`);
  writeFileSync(join(folder, 'flood.xml'), capText());
  writeFileSync(join(folder, 'cancel.xml'), capText(cancel));
  buildSync({
    entryPoints: [join(import.meta.dirname, '../bin/cap.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(folder, 'cap.mjs'),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the README', () => {
  it('shows only code that runs here', () => {
    const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map((found) => squeezed(found[1] ?? ''));
    expect(blocks.length).toBeGreaterThan(5);
    for (const block of blocks) expect(squeezed(here)).toContain(block);
  });

  it('shows commands with the output that they print', () => {
    const prompt = '$ npm run --silent cap -- ';
    const tried: string[] = [];
    for (const [, session = ''] of readme.matchAll(/```console\n([^]*?)```/g)) {
      expect(session.startsWith(prompt)).toBe(true);
      for (const step of session.split(prompt).slice(1)) {
        const [line = '', ...output] = step.split('\n');
        const [command = '', file] = line.split(' > ');
        const args = ['cap.mjs', ...command.split(' ')];
        const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
        if (file !== undefined) writeFileSync(join(folder, file), stdout);
        expect({ command, stderr, shown: file === undefined ? stdout : '' }).toEqual({
          command,
          stderr: '',
          shown: output.join('\n'),
        });
        tried.push(args[1] ?? '');
      }
    }
    expect(new Set(tried)).toEqual(new Set(['check', 'convert', 'geojson', 'thread', 'sign', 'verify']));
  });

  it('reads', () => {
    const bytes = readFileSync(join(folder, 'flood.xml'));
    const { refused, alerts } = readCap(bytes);
    const [first] = alerts;
    const taken = refused === undefined && first?.findings.every((each) => each.level !== 'reject');
    expect([taken, first?.valid]).toEqual([true, true]);
  });

  it('maps', () => {
    const [reading] = readCap(readFileSync(join(folder, 'flood.xml'))).alerts;
    const area = areaToGeoJson(reading?.alert.infos[0]?.areas ?? []); // throws AreaRefused: it never widens
    expect(area.coordinates[0]?.[0]?.[0]).toEqual([0.2, 53.1]);
  });

  it('threads', () => {
    const alerts = ['cancel.xml', 'flood.xml'].flatMap((file) =>
      readCap(readFileSync(join(folder, file))).alerts.map((each) => each.alert),
    );
    const [thread] = threadsOf(alerts);
    expect(thread?.live).toEqual([]);
    const [cancel, ...known] = alerts;
    const about = cancel === undefined ? undefined : actsOn(cancel, known); // one, choices or none: never a guess
    expect(about?.kind).toBe('one');
  });

  it('writes', () => {
    const ours = tidyAlert(anAlert());
    const missing = profileFindings(ours, PROFILES.ours).filter((each) => each.level === 'error');
    expect(missing).toEqual([]);
    expect(readCap(Buffer.from(writeCap(ours))).alerts[0]?.valid).toBe(true);
  });

  it('signs and verifies', () => {
    const { key, certificate } = makeIdentity({ name: 'Environment Agency', kind: 'ec' });
    const signed = signCap(Buffer.from(writeCap(anAlert())), { key, certificate });
    const trust = {
      senders: new Map([['ea@example.org', { certificates: [certificate], authorities: [] }]]),
    };
    expect(readCap(signed, { trust }).alerts[0]?.signatures[0]?.verdict).toBe('valid');
  });

  it('makes a feed', () => {
    const feed = atomFeed([{ alert: anAlert(), href: 'https://example.org/cap/FLOOD-1' }], {
      title: 'Warnings',
      id: 'urn:larum:feed:public',
      link: 'https://example.org/feed',
      author: 'Lincolnshire Police',
      updatedMs: Date.UTC(2026, 10, 21, 12),
    });
    expect(readCap(Buffer.from(feed)).links).toHaveLength(1);
  });
});
