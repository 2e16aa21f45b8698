import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, EmbeddedPostgres } from '#postgres';
import { PRACTICE_ACCOUNTS, practiceRecipients } from '#practice';
import { newId, newToken, sha256Hex, silentLog } from '#runtime';
import { AppProcess } from './app-process.js';
import { ask, type Person, type RunningHouse } from './form.js';
import { Officers } from './officers.js';
import { addPeople } from './people.js';
import { portsInARow } from './ports.js';
import type { HouseOptions } from './standalone.js';

/** The apps of the distributed form in the order of their ports, and in the order in which they are started. */
const APPS = [
  'practice-world',
  'incident-command',
  'channel-social',
  'channel-email',
  'channel-sms',
  'partner-gateway',
  'incident-log',
] as const;
export type DistributedApp = (typeof APPS)[number];

const PEOPLE: readonly Person[] = ['author', 'approver', 'communications', 'partner', 'reviewer'];
const ACCOUNTS_WITHIN_MS = 90_000;
/** Where the people of the practice world live: the place of the packaged exercise. */
const PLACE = { lat: 53.138, lon: -3.796 };

/** `postgresThrough` puts something between the services and the port of their PostgreSQL, and says at which port they find it then. */
type DistributedOptions = HouseOptions & { postgresThrough?: (port: number) => Promise<number> };

/**
 * The house with one process per app, on a real Kafka at `brokers` and a PostgreSQL of its own with one database per app, all
 * started here. Both lists hold the same practice people as a standalone of the same seed.
 */
export async function distributedHouse(
  brokers: readonly string[],
  { recipients = 60, seed = 'llanrwst', env = {}, postgresThrough }: DistributedOptions = {},
): Promise<RunningHouse & { dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'larum-houses-'));
  chmodSync(dataDir, 0o755); // else root's database would lie elsewhere, and stay there
  const postgres = await EmbeddedPostgres.start({ dataDir: join(dataDir, 'postgres'), log: silentLog });
  const direct = new URL(postgres.url).port;
  const port = (await postgresThrough?.(Number(direct))) ?? direct;
  const databaseUrl = (app: string) => {
    const url = new URL(postgres.url);
    url.port = String(port);
    url.pathname = `/${app.replaceAll('-', '_')}`;
    return url.href;
  };
  const first = await portsInARow(APPS.length + 3);
  const portOf = (app: DistributedApp) => first + APPS.indexOf(app);
  const urlOf = (app: DistributedApp) => `http://127.0.0.1:${portOf(app)}`;
  const tokens = Object.fromEntries(PEOPLE.map((person) => [person, newToken('exercise')])) as Record<
    Person,
    string
  >;
  const files = writeFiles(dataDir, tokens, urlOf('practice-world'));
  const [smtp, smpp, bounces] = [first + APPS.length, first + APPS.length + 1, first + APPS.length + 2];
  const service = (app: DistributedApp) => ({
    MODE: 'exercise',
    DATABASE_URL: databaseUrl(app),
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_REPLICATION: '1',
    PORT: String(portOf(app)),
  });
  const settings: Record<DistributedApp, Record<string, string>> = {
    'practice-world': {
      MODE: 'exercise',
      PORT: String(portOf('practice-world')),
      SMTP_PORT: String(smtp),
      SMPP_PORT: String(smpp),
      DATA_DIR: join(dataDir, 'practice-world'),
      PRACTICE_SEED: seed,
      REACTIONS_MS: '1500',
      BOUNCE_HOST: '127.0.0.1',
      BOUNCE_PORT: String(bounces),
    },
    'incident-command': { ...service('incident-command'), TOKENS_FILE: files.tokens },
    'channel-social': {
      ...service('channel-social'),
      ...files.secrets,
      ACCOUNTS_FILE: files.accounts,
      SAMPLE_EVERY_S: '1,1,1,1,2,2,2,5,10,30',
      LOOK_AGAIN_S: '1,3,10',
      REPLIES_EVERY_S: '2',
    },
    'channel-email': {
      ...service('channel-email'),
      SMTP_URL: `smtp://127.0.0.1:${smtp}`,
      SMTP_LOGIN_MODE: 'exercise',
      EMAIL_ACCOUNT: newId('acc'),
      MAIL_FROM: 'warnings@north-wales.example',
      MAIL_FROM_NAME: 'North Wales Police warnings',
      BOUNCE_DOMAIN: 'bounces.north-wales.example',
      BOUNCE_PORT: String(bounces),
      MAIL_TOKEN_KEY: sha256Hex(`key of ${dataDir}`),
      PUBLIC_URL: urlOf('channel-email'),
    },
    'channel-sms': {
      ...service('channel-sms'),
      SMPP_URL: `smpp://larum:practice@127.0.0.1:${smpp}`,
      SMPP_LOGIN_MODE: 'exercise',
      SMPP_PARTS_PER_SECOND: '1000',
      SMS_SENDER: '+447700900999',
      SMS_ACCOUNT_ID: newId('acc'),
    },
    'partner-gateway': { ...service('partner-gateway'), TOKENS_FILE: files.tokens },
    'incident-log': { ...service('incident-log'), TOKENS_FILE: files.tokens },
  };
  const processes = new Map(
    APPS.map((app) => [
      app as string,
      new AppProcess({
        app,
        url: urlOf(app),
        logFile: join(dataDir, `${app}.log`),
        env: { ...settings[app], ...env },
      }),
    ]),
  );
  const stop = async () => {
    await Promise.all([...processes.values()].map((one) => one.stop()));
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await makeDatabases(postgres.url);
    await Promise.all([...processes.values()].map((one) => one.up()));
  } catch (error) {
    await stop();
    throw error;
  }
  const house = {
    form: 'distributed' as const,
    dataDir,
    urls: {
      command: urlOf('incident-command'),
      log: urlOf('incident-log'),
      gateway: urlOf('partner-gateway'),
      email: urlOf('channel-email'),
      practice: urlOf('practice-world'),
    },
    tokens,
    processes,
    databaseUrl,
    stop,
  };
  try {
    await addPeople(house, practiceRecipients(seed, recipients, PLACE, 4));
    await untilAccounts(house, PRACTICE_ACCOUNTS.length + 2);
  } catch (error) {
    await stop();
    throw error;
  }
  return house;
}

/** An account is chosen by its limits, so nothing can be submitted before its channel has reported it over the stream. */
async function untilAccounts(house: RunningHouse, wanted: number): Promise<void> {
  await new Officers(house).until(ACCOUNTS_WITHIN_MS, async () => {
    const { status, body } = await ask(house, 'author', 'GET', '/v1/accounts');
    const { accounts = [] } = body as { accounts?: unknown[] };
    return accounts.length >= wanted ? accounts : { notYet: `${status} ${JSON.stringify(body)}` };
  });
}

async function makeDatabases(url: string): Promise<void> {
  const admin = await Database.open({ url, max: 1, log: silentLog });
  for (const app of APPS) await admin.execute(`create database ${app.replaceAll('-', '_')}`);
  await admin.close();
}

/** The files that an operator would write: who holds which token, and which accounts there are. */
function writeFiles(dataDir: string, tokens: Record<Person, string>, practiceUrl: string) {
  const agency = newId('agy');
  const holders = Object.entries(tokens).map(([role, token]) => ({
    id: newId('off'),
    name: role,
    roles: [role],
    agency,
    languages: ['en-GB', 'cy-GB'],
    tokenSha256: sha256Hex(token),
    mode: 'exercise',
  }));
  const languages = [['en-GB'], ['cy-GB'], ['en-GB', 'cy-GB']];
  const accounts = PRACTICE_ACCOUNTS.map(({ platform, handle }, n) => ({
    accountId: newId('acc'),
    platform,
    name: handle,
    languages: languages[n],
    kind: 'corporate',
    url: practiceUrl,
    identifier: handle,
    mode: 'exercise',
    credential: { env: `ACCOUNT_${n}` },
  }));
  const paths = { tokens: join(dataDir, 'token-holders.json'), accounts: join(dataDir, 'accounts.json') };
  writeFileSync(paths.tokens, JSON.stringify(holders), { mode: 0o600 });
  writeFileSync(paths.accounts, JSON.stringify(accounts), { mode: 0o600 });
  const secrets = Object.fromEntries(PRACTICE_ACCOUNTS.map(({ secret }, n) => [`ACCOUNT_${n}`, secret]));
  return { ...paths, secrets };
}
