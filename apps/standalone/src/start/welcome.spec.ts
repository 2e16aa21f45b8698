import { describe, expect, it } from '@jest/globals';
import { welcome } from './welcome.js';

const ann = { id: 'off_1', name: 'Ann', roles: ['author' as const], token: 'lrx_token' };
const at = {
  mode: 'exercise' as const,
  url: 'http://127.0.0.1:8080',
  practice: 'http://127.0.0.1:8081',
  dataDir: '.data',
  logFile: '.data/larum.log',
  held: [ann],
  absent: [],
  played: { incidentId: 'inc_1', warningId: 'wrn_1' },
};

describe('what a start says', () => {
  it('gives an exercise its addresses, tokens and a next command', () => {
    const said = welcome(at);
    expect(said).toContain('kept in tokens.json');
    expect(said).toContain("-H 'Authorization: Bearer lrx_token'");
    expect(said).toContain('npm run replay -- --incident inc_1');
    expect(said).not.toMatch(/LIVE|NOT SET UP/);
  });

  it('says that it is live, what is not set up, and offers no command to try things out with', () => {
    const said = welcome({
      ...at,
      mode: 'live',
      practice: undefined,
      absent: ['sms', 'social'],
      played: undefined,
    });
    expect(said).toContain('Larum runs LIVE');
    expect(said).toContain('NOT SET UP     sms, social');
    expect(said).toContain('shown this once');
    expect(said).not.toMatch(/curl|practice world|tokens\.json/);
  });
});
