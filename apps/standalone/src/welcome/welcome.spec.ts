import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { welcome } from './welcome.js';

const ann = { id: 'off_1', name: 'Ann', roles: ['author' as const], token: 'lrx_token' };
const bob = { id: 'off_2', name: 'Bob (duty inspector)', roles: ['approver' as const], token: 'lrx_bob' };
const agency = { id: 'agy_1', name: 'Agency', roles: ['partner' as const], token: 'lrx_agency' };
const at = {
  mode: 'exercise' as const,
  url: 'http://127.0.0.1:8080',
  practice: 'http://127.0.0.1:8081',
  dataDir: '.data',
  logFile: '.data/larum.log',
  held: [ann, bob, agency],
  nextWarningFile: '/data/next-warning.json' as string | undefined,
  absent: [],
  played: { incidentId: 'inc_1' } as { incidentId: string } | undefined,
  newestIncident: undefined as string | undefined,
};

describe('what a start says', () => {
  it('gives an exercise its addresses, tokens and a next command', () => {
    const said = welcome(at);
    expect(said).toMatch(/\/report\n\nIn the same shell, to send an update of it/); // what is pasted as one block ends before it
    expect(said.split('\n')[1]).toBe('Larum runs. EXERCISE: nothing leaves this machine.');
    expect(said).toContain('kept in tokens.json');
    expect(said).toContain('ANN=lrx_token; BOB=lrx_bob');
    expect(said).toContain("cat '/data/next-warning.json'");
    expect(said).toContain('  Ann                   lrx_token  author\n');
    expect(said).toContain('Replay the exercise:  npm run replay -- --incident inc_1\n');
    expect(said).toContain("-H 'Authorization: Bearer lrx_agency' http://127.0.0.1:8080/v1/events\n");
    expect(said).not.toMatch(/LIVE|NOT SET UP/);
  });

  it('names the folder where the replay would not look by itself, from whichever shell it is pasted', () => {
    const said = welcome({ ...at, dataDir: "/srv/ann's data" });
    expect(said).toContain(String.raw`DATA_DIR='/srv/ann'\''s data' npm run replay -- --incident inc_1`);
    expect(welcome({ ...at, dataDir: 'other' })).toContain(`DATA_DIR='${resolve('other')}' npm run replay`);
  });

  it('offers the newest incident to a second start', () => {
    const said = welcome({ ...at, played: undefined, newestIncident: 'inc_9' });
    expect(said).toContain('Replay the newest incident:  npm run replay -- --incident inc_9\n');
    expect(welcome({ ...at, newestIncident: 'inc_9' })).not.toContain('inc_9'); // the exercise is what was just seen
  });

  it('has nothing to replay where nothing ever happened', () => {
    const said = welcome({ ...at, played: undefined });
    expect(said).not.toContain('Replay');
    expect(said).toContain('To send the next warning');
    expect(said.trimEnd().split('\n').at(-1)).toBe('Ctrl-C stops everything.');
  });

  it('offers no agency’s view where no agency has a token here', () => {
    const said = welcome({ ...at, held: [ann, bob] });
    expect(said).not.toContain('as a partner agency does');
    expect(said).toContain('To send the next warning');
  });

  it('puts every token under the other, with whose it is and what it may do', () => {
    const lines = welcome(at).split('\n');
    const tokens = at.held.map(({ token }) => lines.find((line) => line.includes(`  ${token}  `)) ?? '');
    expect(new Set(tokens.map((line) => line.indexOf('lrx_'))).size).toBe(1);
    expect(tokens.map((line) => line.trim().split(/ {2,}/).at(-1))).toEqual([
      'author',
      'approver',
      'partner',
    ]);
  });

  it('names where everything is: interface, figures, data and log', () => {
    const said = welcome(at);
    for (const place of ['/v1 ', '/docs', '/readyz', '/metrics']) expect(said).toContain(`${at.url}${place}`);
    expect(said).toMatch(/data +\.data +log \.data\/larum\.log/);
    expect(said).toContain('practice world http://127.0.0.1:8081   every post, mail and text that arrived');
  });

  it('of a live folder whose tokens were handed out before, shows none', () => {
    const said = welcome({ ...at, mode: 'live', held: [], nextWarningFile: undefined, played: undefined });
    expect(said).toContain('tokens         as handed out at the first start');
  });

  it('says that it is live, what is not set up, and offers no command to try things out with', () => {
    const said = welcome({
      ...at,
      mode: 'live',
      practice: undefined,
      absent: ['sms', 'social'],
      nextWarningFile: undefined,
      played: undefined,
    });
    expect(said).toContain('Larum runs LIVE');
    expect(said).toContain('NOT SET UP     sms, social');
    expect(said).toContain('shown this once');
    expect(said).not.toMatch(/curl|practice world|tokens\.json/);
  });
});
