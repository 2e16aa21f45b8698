import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { floodContent } from '../../apps/standalone/src/exercise/flood-content.js';
import { arrivals, countTo } from '../support/house/arrivals.js';
import { ask, type RunningHouse } from '../support/house/form.js';
import { Officers } from '../support/house/officers.js';
import { portsInARow } from '../support/house/ports.js';
import { standaloneHouse } from '../support/house/standalone.js';
import { mainOf, toTheEnd } from '../support/house/to-the-end.js';

const CHANNELS = ['social', 'email', 'sms'];
const GWEN = 'gwen@people.example';

let house: RunningHouse & { dataDir: string };
let officers: Officers;
let incidentId: string;
beforeAll(async () => {
  house = await standaloneHouse({ recipients: 60 });
  officers = new Officers(house);
  incidentId = await officers.incident('Llanrwst flood');
}, 240_000);
afterAll(async () => house.stop(), 90_000);

const mailsTo = async (address: string): Promise<{ text: string }[]> =>
  (await arrivals(house)).flatMap((one) => (one.fact === 'mail' && one.to === address ? [one] : []));

/** The process of the embedded database. */
const serverPid = (): number => {
  const cluster = join(house.dataDir, 'postgres', 'cluster');
  return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
};

describe('one machine', () => {
  it('lets no second start onto its folder, and is not disturbed by it', async () => {
    const before = readdirSync(house.dataDir).toSorted();
    const env = { DATA_DIR: house.dataDir, PORT: String(await portsInARow(5)) };
    const second = await toTheEnd(mainOf('standalone'), env);
    expect(second.code).toBe(1);
    expect(second.err).toMatch(/^Larum already runs on .* \(process \d+\)\. Stop it first/);
    expect(second.out).toBe('');
    expect(readdirSync(house.dataDir).toSorted()).toEqual(before);
    await officers.ask(200, 'author', 'GET', `/v1/incidents/${incidentId}`);
  }, 180_000);

  it.each([
    ['an incident', '/v1/incidents'],
    ['a warning', '/v1/warnings'],
    ['an approval', '/v1/warnings/wrn_0192f0c4a1b27c3d8e4f5a6b7c8d9e0f/approve'],
    ['something unknown', '/v1/nothing'],
  ])('answers ten thousand levels of JSON as %s with a refusal, not a fault', async (_, path) => {
    const deep = `${'{"content":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const wide = `{"incidentId":"x","content":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    for (const body of [deep, wide]) {
      const answer = await fetch(`${house.urls.command}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${house.tokens[path.endsWith('approve') ? 'approver' : 'author']}`,
          'content-type': 'application/json',
          'idempotency-key': path,
        },
        body,
      });
      const { code } = (await answer.json()) as { code: string };
      expect([answer.status, code]).toEqual(
        path === '/v1/nothing' ? [404, 'not-found'] : [400, expect.any(String)],
      );
    }
  });

  it('takes in who is to be warned while it runs, and warns them', async () => {
    const people = join(house.dataDir, 'people.csv');
    writeFileSync(people, `address,language,lat,lon,consent\n${GWEN},cy-GB,53.138,-3.796,yes\n`);
    const imported = await toTheEnd(
      'libs/audience/bin/subscribers.js',
      { DATA_DIR: house.dataDir },
      { args: ['import', '--channel', 'email', people] },
    );
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(imported.out).toMatch(/^email: 1 lines read, 1 added/);
    const draft = await officers.draft(incidentId, floodContent('first', Date.now()));
    await officers.issue(draft.id, draft.revision);
    await officers.settled(draft.id, 1, CHANNELS);
    expect(await mailsTo(GWEN)).toHaveLength(1);
  }, 240_000);

  it('lets her go by the link of her own mail: looking changes nothing, one click is enough', async () => {
    const [mail] = await mailsTo(GWEN);
    const link = /https?:\/\/\S+\/v1\/unsubscribe\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(link).toContain(house.urls.email);
    for (const method of ['GET', 'GET', 'POST', 'POST']) {
      const answer = await fetch(link, {
        method,
        ...(method === 'POST' && {
          body: 'List-Unsubscribe=One-Click',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
      });
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toContain(GWEN);
    }
    const cut = await fetch(link.slice(0, -3), { method: 'POST' });
    expect(cut.status).toBe(404);
    const draft = await officers.draft(incidentId, floodContent('first', Date.now()));
    await officers.issue(draft.id, draft.revision);
    await officers.settled(draft.id, 1, CHANNELS);
    expect(await mailsTo(GWEN)).toHaveLength(1);
  }, 240_000);

  it('replays the incident from the archive while it runs, twice to the same bytes', async () => {
    const replay = () =>
      toTheEnd(
        'apps/incident-log/bin/replay.js',
        { DATA_DIR: house.dataDir },
        { args: ['--incident', incidentId] },
      );
    let [last, now] = [await replay(), await replay()];
    // Shares are still being counted, seldom by now: a count between two replays is in the second alone.
    for (let tries = 0; tries < 10 && now.out !== last.out; tries += 1) [last, now] = [now, await replay()];
    expect(last).toMatchObject({ code: 0, err: '' });
    expect(last.out).toContain('Llanrwst flood');
    expect(now.out).toBe(last.out);
  }, 180_000);

  it('answers 503 and never a false yes while the database is down, and heals by itself', async () => {
    const answers: { status: number; id: string }[] = [];
    const until = performance.now() + 120_000;
    let wellInARow = 0;
    process.kill(serverPid(), 'SIGKILL');
    while (wellInARow < 10 && performance.now() < until) {
      const { status, body } = await ask(house, 'author', 'POST', '/v1/incidents', {
        type: 'flood',
        name: 'While the database was down',
        leadAgency: 'North Wales Police',
      });
      answers.push({ status, id: String(body['id']) });
      wellInARow = status === 201 ? wellInARow + 1 : 0;
      if (wellInARow === 10 && answers.every((one) => one.status === 201)) {
        process.kill(serverPid(), 'SIGKILL'); // it healed while this process did not get its turn: nobody was asked meanwhile
        wellInARow = 0;
      }
      if (status !== 201) expect([status, body['code']]).toEqual([503, 'database-away']);
    }
    expect(wellInARow).toBe(10);
    expect(answers.some(({ status }) => status === 503)).toBe(true);
    for (const { status, id } of answers)
      if (status === 201) await officers.ask(200, 'author', 'GET', `/v1/incidents/${id}`);
  }, 180_000);

  it('carries on after a kill -9: what was approved goes out once, and what was known is still known', async () => {
    const draft = await officers.draft(incidentId, floodContent('first', Date.now()));
    const before = countTo(await arrivals(house), 'text', () => true);
    const hashes = await officers.submit(draft.id, draft.revision);
    await officers.ask(202, 'approver', 'POST', `/v1/warnings/${draft.id}/approve`, hashes);
    const standalone = house.processes.get('standalone');
    await standalone?.kill();
    await standalone?.up();
    const rows = await officers.settled(draft.id, 1, CHANNELS, 90_000);
    const sms = rows.find(({ channel }) => channel === 'sms');
    expect(sms?.planned).toBeGreaterThan(5);
    const after = countTo(await arrivals(house), 'text', () => true);
    const wasUnknown = sms?.wasUnknown ?? 0;
    const more = [...after].map(([to, times]) => times - (before.get(to) ?? 0)).filter((times) => times > 0);
    expect(more.length).toBeGreaterThanOrEqual((sms?.planned ?? 0) - wasUnknown);
    expect(more.filter((times) => times > 1).length).toBeLessThanOrEqual(wasUnknown);
    await officers.ask(200, 'author', 'GET', `/v1/incidents/${incidentId}`);
  }, 180_000);
});
