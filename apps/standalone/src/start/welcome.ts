import type { HeldToken } from '../tokens/first-tokens.js';

/** What a person needs to go on: addresses, tokens, and one command that works as it stands. */
export function welcome(at: {
  mode: 'live' | 'exercise';
  url: string;
  practice: string | undefined;
  dataDir: string;
  logFile: string;
  held: readonly HeldToken[];
  absent: readonly string[];
  played: { incidentId: string; warningId: string } | undefined;
}): string {
  const author = at.held.find(({ roles }) => roles.includes('author'));
  const widest = Math.max(0, ...at.held.map(({ name }) => name.length));
  const tokens = at.held.map(
    ({ name, roles, token }) => `    ${name.padEnd(widest)}  ${token}  ${roles.join(', ')}`,
  );
  return [
    '',
    at.mode === 'live' ? 'Larum runs LIVE: what is approved goes to the public.' : 'Larum runs.',
    `  interface      ${at.url}/v1   described at ${at.url}/docs`,
    ...(at.practice === undefined
      ? []
      : [`  practice world ${at.practice}   every post, mail and text that arrived`]),
    `  health         ${at.url}/readyz   figures ${at.url}/metrics`,
    `  data           ${at.dataDir}   log ${at.logFile}`,
    ...(at.absent.length === 0
      ? []
      : [
          `  NOT SET UP     ${at.absent.join(', ')}: nothing is sent there until it is (see the README of the app)`,
        ]),
    ...(tokens.length === 0
      ? ['  tokens         as handed out at the first start']
      : [
          at.mode === 'live'
            ? '  tokens, shown this once and kept nowhere: hand them out, and give token-holders.json its names'
            : '  tokens (kept in tokens.json of the data folder):',
          ...tokens,
        ]),
    ...(author === undefined || at.mode === 'live'
      ? []
      : [
          '',
          'Open the next incident, then send its warning the same way (see README):',
          curl(at.url, author.token),
        ]),
    ...(at.played === undefined
      ? []
      : ['', `Replay the exercise:  npm run replay -- --incident ${at.played.incidentId}`]),
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function curl(url: string, token: string): string {
  const body = JSON.stringify({ type: 'flood', name: 'Second flood', leadAgency: 'North Wales Police' });
  return `  curl -sS ${url}/v1/incidents -H 'Authorization: Bearer ${token}' \\
    -H "Idempotency-Key: $(date +%s)" -H 'Content-Type: application/json' -d '${body}'`;
}
