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
  played: { incidentId: 'inc_1', warningId: 'wrn_1' },
};

describe('what a start says', () => {
  it('gives an exercise its addresses, tokens and a next command', () => {
    const said = welcome(at);
    expect(said).toContain('kept in tokens.json');
    expect(said).toContain('ANN=lrx_token; BOB=lrx_bob');
    expect(said).toContain("cat '/data/next-warning.json'");
    expect(said).toContain('  Ann                   lrx_token  author\n');
    expect(said).toContain('npm run replay -- --incident inc_1');
    expect(said).toContain("-H 'Authorization: Bearer lrx_agency' http://127.0.0.1:8080/v1/events\n");
    expect(said).not.toMatch(/LIVE|NOT SET UP/);
  });

  it('has nothing to replay where nothing was played, as at a second start', () => {
    const said = welcome({ ...at, played: undefined });
    expect(said).not.toContain('Replay');
    expect(said).toContain('To send the next warning');
    expect(said.trimEnd().split('\n').at(-1)).toBe('Ctrl-C stops everything.');
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
