import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { PracticeWorld } from '#practice';
import { newId } from '#runtime';
import { floodContent } from '../../apps/standalone/src/exercise/flood-content.js';
import { arrivals } from '../support/house/arrivals.js';
import { AppProcess } from '../support/house/app-process.js';
import type { Person, RunningHouse } from '../support/house/form.js';
import { Officers } from '../support/house/officers.js';
import { portsInARow } from '../support/house/ports.js';
import { mainOf, toTheEnd } from '../support/house/to-the-end.js';

/** Notes every module that the process loads, so that it can be seen what a live process has in it. */
const NOTES_MODULES = (file: string) => `
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    import { appendFileSync } from 'node:fs';
    export async function load(url, context, next) {
      appendFileSync(${JSON.stringify(file)}, url + '\\\\n');
      return next(url, context);
    }\`));`;

let folder: string;
let database: TestDatabase;
let relay: PracticeWorld;
let house: RunningHouse;
let standalone: AppProcess;
const modules = () => readFileSync(join(folder, 'modules.txt'), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'larum-live-'));
  const note = join(folder, 'note-modules.mjs');
  writeFileSync(note, NOTES_MODULES(join(folder, 'modules.txt')));
  database = await testDatabase();
  const [first, world] = [await portsInARow(5), await portsInARow(3)];
  // The only receiver on loopback that the house has; to the process under test it is a relay like any other.
  relay = await PracticeWorld.open({
    dataDir: join(folder, 'relay'),
    seed: 'live',
    host: '127.0.0.1',
    ports: { http: world, smtp: world + 1, smpp: world + 2 },
    reactionsMs: 1_000,
  });
  const url = `http://127.0.0.1:${first}`;
  standalone = new AppProcess({
    app: 'standalone',
    url,
    logFile: join(folder, 'terminal.log'),
    env: {
      NODE_OPTIONS: `--import ${note}`,
      MODE: 'live',
      PORT: String(first),
      DATA_DIR: join(folder, 'data'),
      DATABASE_URL: database.url,
      SMTP_URL: `smtp://127.0.0.1:${relay.ports.smtp}`,
      SMTP_LOGIN_MODE: 'live',
      EMAIL_ACCOUNT: newId('acc'),
      MAIL_FROM: 'warnings@north-wales.example',
      MAIL_FROM_NAME: 'North Wales Police',
      BOUNCE_DOMAIN: 'bounces.north-wales.example',
      MAIL_TOKEN_KEY: 'k'.repeat(32),
      PUBLIC_URL: url,
    },
  });
  await standalone.up();
  for (let looks = 0; looks < 2_000 && !standalone.logTail(40).includes('Ctrl-C'); looks += 1)
    await sleep(50);
  const tokenOf = (role: string) =>
    new RegExp(`(lrl_\\S+)  .*\\b${role}\\b`).exec(standalone.logTail(40))?.[1] ?? '';
  const people: Person[] = ['author', 'approver', 'communications', 'partner', 'reviewer'];
  house = {
    form: 'standalone',
    urls: { command: url, log: url, gateway: url, email: url, practice: relay.url },
    tokens: Object.fromEntries(people.map((one) => [one, tokenOf(one)])) as Record<Person, string>,
    processes: new Map([['standalone', standalone]]),
    databaseUrl: () => database.url,
    stop: async () => {},
  };
}, 240_000);
afterAll(async () => {
  await standalone.stop();
  await relay.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}, 90_000);

describe('a live standalone with one channel set up', () => {
  it('says that it is live and which channels are not set up, and keeps no token', () => {
    const said = standalone.logTail(40);
    expect(said).toContain('Larum runs LIVE');
    expect(said).toContain('NOT SET UP     sms, social');
    expect(existsSync(join(folder, 'data', 'tokens.json'))).toBe(false);
    expect(readFileSync(join(folder, 'data', 'larum.log'), 'utf8')).not.toMatch(/lrl_/);
  });

  it('has no practice code in it', () => {
    expect(modules()).toContain('apps/standalone/src/main.js');
    expect(
      modules()
        .split('\n')
        .filter((url) => url.includes('libs/practice')),
    ).toEqual([]);
  });

  it('sends an approved warning to whom it was told about, without a word of exercise', async () => {
    const people = join(folder, 'people.csv');
    writeFileSync(people, 'address,language,lat,lon,consent\nann@people.example,en-GB,53.138,-3.796,yes\n');
    const imported = await toTheEnd(
      'libs/audience/bin/subscribers.js',
      { DATA_DIR: join(folder, 'data') },
      { args: ['import', '--channel', 'email', people] },
    );
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(imported.out).toMatch(/1 lines read, 1 added/);

    const officers = new Officers(house);
    const incident = await officers.incident('Llanrwst flood');
    const { id, revision } = await officers.draft(incident, {
      ...floodContent('first', Date.now()),
      channels: ['email'],
    });
    await officers.issue(id, revision);
    const [row] = await officers.settled(id, 1, ['email']);
    expect(row).toMatchObject({ planned: 1, states: { accepted: 1 } });
    const mails = (await arrivals(house)).filter(({ fact }) => fact === 'mail');
    expect(mails).toMatchObject([{ to: 'ann@people.example' }]);
    expect(JSON.stringify(mails)).not.toMatch(/exercise|ymarfer/i);
  }, 180_000);

  it('does not take a warning for a channel that is not set up', async () => {
    const officers = new Officers(house);
    const incident = await officers.incident('Second flood');
    const { id, revision } = await officers.draft(incident, {
      ...floodContent('first', Date.now()),
      channels: ['email', 'sms'],
    });
    const refused = officers.ask(200, 'author', 'POST', `/v1/warnings/${id}/submit`, { revision });
    await expect(refused).rejects.toThrow(/got 4\d\d/);
  });

  it('shares neither folder nor database with an exercise', async () => {
    const env = { PORT: String(await portsInARow(5)), PLAY_EXERCISE: 'no' };
    const onFolder = await toTheEnd(mainOf('standalone'), { ...env, DATA_DIR: join(folder, 'data') });
    expect([onFolder.code, onFolder.err]).toEqual([1, expect.stringMatching(/already runs on/)]);
    const onDatabase = await toTheEnd(mainOf('standalone'), {
      ...env,
      DATA_DIR: join(folder, 'other'),
      DATABASE_URL: database.url,
    });
    expect(onDatabase.err).toMatch(
      /^this database belongs to the world live, and this process runs in exercise/,
    );
    expect(onDatabase.code).toBe(1);
    expect(existsSync(join(folder, 'other'))).toBe(false);
  }, 180_000);
});
