import { resolve } from 'node:path';
import type { HeldToken } from '../tokens/first-tokens.js';
import { afterwards, nextWarning, quoted } from './next-warning.js';

/** What a person needs to go on: addresses, tokens, and lines that send one more warning as they stand. */
export function welcome(at: {
  mode: 'live' | 'exercise';
  url: string;
  practice: string | undefined;
  dataDir: string;
  logFile: string;
  held: readonly HeldToken[];
  absent: readonly string[];
  /** The content of the next warning to try; undefined in a live start, where nothing is tried out. */
  nextWarningFile: string | undefined;
  played: { incidentId: string } | undefined;
  /** The newest incident that the folder had at this start. */
  newestIncident: string | undefined;
}): string {
  const widest = Math.max(0, ...at.held.map(({ name }) => name.length));
  const tokens = at.held.map(
    ({ name, roles, token }) => `    ${name.padEnd(widest)}  ${token}  ${roles.join(', ')}`,
  );
  const agency = at.held.find(({ roles }) => roles.includes('partner'));
  return [
    '',
    at.mode === 'live'
      ? 'Larum runs LIVE: what is approved goes to the public.'
      : 'Larum runs. EXERCISE: nothing leaves this machine.',
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
    ...(at.nextWarningFile === undefined
      ? []
      : [
          '',
          'To send the next warning, copy these lines into a shell. Ann writes it, Bob approves exactly what he was shown:',
          ...nextWarning(at.url, at.held, at.nextWarningFile).map((line) => `  ${line}`),
          '',
          ...afterwards(at.nextWarningFile),
        ]),
    ...(at.nextWarningFile === undefined || agency === undefined
      ? []
      : [
          '',
          'To watch it as a partner agency does, in another shell and before you send it:',
          `  curl -sSN -H 'Authorization: Bearer ${agency.token}' ${at.url}/v1/events`,
        ]),
    ...(at.played === undefined
      ? []
      : ['', `Replay the exercise:  ${replay(at.dataDir, at.played.incidentId)}`]),
    ...(at.played !== undefined || at.newestIncident === undefined
      ? []
      : ['', `Replay the newest incident:  ${replay(at.dataDir, at.newestIncident)}`]),
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

/** The line that replays an incident from any other shell in the checkout. */
function replay(dataDir: string, incidentId: string): string {
  const folder = resolve(dataDir);
  const where = folder === resolve('.data') ? '' : `DATA_DIR=${quoted(folder)} `;
  return `${where}npm run replay -- --incident ${incidentId}`;
}
