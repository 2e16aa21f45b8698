import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { z } from 'zod';
import { textOf } from './house.js';

type Service = {
  image?: string;
  build?: { args: { APP: string }; dockerfile: string };
  environment?: Record<string, string | null>;
  ports?: string[];
  healthcheck?: { test: string[] };
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  depends_on?: Record<string, { condition: string }>;
};

const compose = parse(textOf('docker/compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
};
const dockerfile = textOf('docker/Dockerfile');
const apps = readdirSync('apps').filter((app) => app !== 'standalone');

/** DESIGN §6: 8081–8089 in the order of the house. */
const PORTS: Readonly<Record<string, number>> = {
  'incident-command': 8081,
  'channel-social': 8082,
  'channel-email': 8083,
  'channel-sms': 8084,
  'partner-gateway': 8085,
  'incident-log': 8086,
  'practice-world': 8089,
};

/** What a variable without a default stands for in these tests: what its own message asks for. */
const GIVEN: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'p'.repeat(24),
  MAIL_TOKEN_KEY: 'k'.repeat(32),
  EMAIL_ACCOUNT: `acc_${'1'.repeat(32)}`,
  SMS_ACCOUNT_ID: `acc_${'2'.repeat(32)}`,
};

/** A service's environment as compose would fill it in (Compose Specification, Interpolation): defaults, and what the operator gave. */
function environmentOf(app: string, given: Readonly<Record<string, string>> = GIVEN): Record<string, string> {
  const fill = (text: string) =>
    text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, how?: string, rest?: string) => {
      const value = given[name] ?? (how === '-' ? rest : undefined);
      if (value === undefined) throw new Error(`${name} is not set`);
      return value;
    });
  const entries = Object.entries(compose.services[app]?.environment ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, fill(String(value))]));
}

/** Programs that are in an image, by what its health check may call. */
const IN_IMAGE: Readonly<Record<string, readonly string[]>> = {
  postgres: ['pg_isready'],
  'apache/kafka': ['/opt/kafka/bin/kafka-broker-api-versions.sh'],
  'axllent/mailpit': ['/mailpit'],
};

async function configOf(app: string): Promise<z.ZodObject> {
  const { Config } = (await import(`../../apps/${app}/src/config.ts`)) as { Config: z.ZodObject };
  return Config;
}

describe('docker', () => {
  it('has one service for every app, built from the one Dockerfile', () => {
    for (const app of apps) {
      expect(compose.services[app]?.build).toMatchObject({
        dockerfile: 'docker/Dockerfile',
        args: { APP: app },
      });
    }
    expect(dockerfile).toMatch(/^ARG APP$/m);
    expect(dockerfile).toContain('dist/apps/$APP/src/main.js');
  });

  it.each(apps)('tells %s every setting that it needs, and none that it does not know', async (app) => {
    const { shape } = await configOf(app);
    const told = Object.keys(compose.services[app]?.environment ?? {});
    expect(told.filter((key) => !(key in shape))).toEqual([]);
    const needed = Object.keys(shape).filter((key) => !shape[key]?.safeParse(undefined).success);
    expect(needed.filter((key) => !told.includes(key))).toEqual([]);
  });

  it.each(apps)(
    'hands %s settings that its own config takes, with the defaults and what the README asks for',
    async (app) => {
      const read = (await configOf(app)).safeParse(environmentOf(app));
      expect(read.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []).toEqual(
        [],
      );
    },
  );

  it('asks for nothing that its README does not name', () => {
    const asked = [...textOf('docker/compose.yaml').matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name);
    expect(new Set(asked)).toEqual(new Set(Object.keys(GIVEN)));
    for (const name of asked) expect(textOf('docker/README.md')).toContain(`${name}=`);
    expect(() => environmentOf('channel-sms', {})).toThrow('is not set');
  });

  it('never hands a login of exercises to a live world, nor a live default to anybody', () => {
    for (const app of apps.filter((one) => one !== 'practice-world')) {
      const live = environmentOf(app, { ...GIVEN, MODE: 'live' });
      expect(live['MODE']).toBe('live');
      for (const [key, value] of Object.entries(live))
        if (key.endsWith('_LOGIN_MODE')) expect([app, key, value]).toEqual([app, key, 'exercise']); // so the app refuses to start
    }
    expect(environmentOf('practice-world', { ...GIVEN, MODE: 'live' })['MODE']).toBe('exercise');
  });

  it('asks for health by a program that is in the image', () => {
    for (const [name, { image, healthcheck, build }] of Object.entries(compose.services)) {
      const [how, program = ''] = healthcheck?.test ?? [];
      const known = build === undefined ? (IN_IMAGE[image?.split(':')[0] ?? ''] ?? []) : ['node'];
      expect([name, how, known.includes(program)]).toEqual([name, 'CMD', true]);
    }
  });

  it('starts no app before PostgreSQL and Kafka are healthy, and starts again what has ended', () => {
    for (const app of apps.filter((one) => one !== 'practice-world')) {
      const { depends_on: needs, restart } = compose.services[app] ?? {};
      expect(needs).toMatchObject({
        postgres: { condition: 'service_healthy' },
        kafka: { condition: 'service_healthy' },
      });
      expect(restart).toBe('unless-stopped');
    }
  });

  it('gives every app a file system that it cannot write to, no capabilities, and secrets only where they are read', () => {
    for (const app of apps) {
      const {
        read_only,
        cap_drop,
        security_opt,
        volumes = [],
        environment = {},
      } = compose.services[app] ?? {};
      expect([app, read_only, cap_drop, security_opt]).toEqual([
        app,
        true,
        ['ALL'],
        ['no-new-privileges:true'],
      ]);
      const reads = Object.values(environment).some((value) => String(value).startsWith('/run/secrets/'));
      expect([app, volumes.some((one) => one.includes('/run/secrets/'))]).toEqual([app, reads]);
      for (const one of volumes.filter((each) => each.includes('secrets'))) expect(one).toMatch(/:ro$/);
    }
  });

  it('keeps what must outlive a container on a volume, where the program writes it', () => {
    expect(compose.services['postgres']?.volumes).toContain('postgres:/var/lib/postgresql'); // 18 keeps its data one level down
    const logs = compose.services['kafka']?.environment?.['KAFKA_LOG_DIRS'];
    expect(compose.services['kafka']?.volumes).toContain(`kafka:${String(logs)}`);
    expect(compose.services['practice-world']?.volumes).toContain(
      `practice:${environmentOf('practice-world')['DATA_DIR']}`,
    );
  });

  it('publishes no port beyond this machine', () => {
    for (const { ports = [] } of Object.values(compose.services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(apps)('gives %s its port, on loopback only, and asks whether it is ready', (app) => {
    const service = compose.services[app];
    expect(service?.environment?.['PORT']).toBe(String(PORTS[app]));
    expect(service?.ports).toEqual([`127.0.0.1:${PORTS[app]}:${PORTS[app]}`]);
    expect(service?.healthcheck?.test.join(' ')).toContain('/readyz');
  });

  it('has a database for every app that keeps one', () => {
    const made = [...textOf('docker/databases.sql').matchAll(/^create database (\w+);$/gm)].map(
      ([, name]) => name,
    );
    const used = Object.values(compose.services).flatMap(
      ({ environment }) => /\/(\w+)$/.exec(environment?.['DATABASE_URL'] ?? '')?.[1] ?? [],
    );
    expect(made.toSorted()).toEqual(used.toSorted());
  });

  it('reaches the practice world and the receiver of bounces on the ports where they listen', async () => {
    const practice = (await configOf('practice-world')).parse(environmentOf('practice-world'));
    const [email, sms] = [environmentOf('channel-email'), environmentOf('channel-sms')];
    const portOf = (url = '') => [new URL(url).hostname, Number(new URL(url).port)];
    expect(portOf(email['SMTP_URL'])).toEqual(['practice-world', practice['SMTP_PORT']]);
    expect(portOf(sms['SMPP_URL'])).toEqual(['practice-world', practice['SMPP_PORT']]);
    expect([practice['BOUNCE_HOST'], practice['BOUNCE_PORT']]).toEqual([
      'channel-email',
      Number(email['BOUNCE_PORT']),
    ]);
    // Inside a container loopback is nobody's: what another service must reach listens on every address.
    expect([practice['HOST'], email['BOUNCE_HOST']]).toEqual(['0.0.0.0', '0.0.0.0']);
    const listening = [practice['PORT'], practice['SMTP_PORT'], practice['SMPP_PORT']];
    expect(new Set(listening).size).toBe(3);
  });

  it('runs Node in the line that the house was tested on, no older than it allows', () => {
    const [one, ...others] = [...dockerfile.matchAll(/^FROM node:(\d+)\.(\d+)\.\d+/gm)].map(([, a, b]) => [
      Number(a),
      Number(b),
    ]);
    expect(others).toEqual([one]); // what was built by one is not run by another
    const { engines } = JSON.parse(textOf('package.json')) as { engines: { node: string } };
    const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
    expect(one?.[0]).toBe(Number(major));
    expect(one?.[1]).toBeGreaterThanOrEqual(Number(minor));
  });

  it('pins every image to a version, and Kafka to the one that the tests run on', () => {
    const images = Object.values(compose.services).flatMap(({ image }) => image ?? []);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base ?? '');
    for (const image of [...images, ...bases]) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-\w+)*$/);
    const pom = textOf('test/support/kafka/jars.ts');
    const kafka = images.find((image) => image.startsWith('apache/kafka:'))?.split(':')[1] ?? '';
    expect(kafka).toMatch(/^\d/);
    expect(pom).toContain(`<artifactId>kafka_2.13</artifactId><version>${kafka}</version>`);
  });

  it('builds by the rules of a careful Dockerfile', () => {
    const steps = dockerfile.split('\n').filter((line) => /^[A-Z]+ /.test(line));
    const words = (name: string) => steps.filter((step) => step.startsWith(`${name} `));
    expect(words('ADD')).toEqual([]); // DL3020
    expect(words('RUN').filter((step) => /sudo|curl|wget|\| *(ba)?sh|apt-get/.test(step))).toEqual([]); // DL3004, DL4001
    expect(words('WORKDIR').filter((step) => !step.startsWith('WORKDIR /'))).toEqual([]); // DL3000
    expect(words('USER').at(-1)).toBe('USER node'); // DL3002
    expect(steps.indexOf('USER node')).toBeGreaterThan(steps.lastIndexOf(words('RUN').at(-1) ?? ''));
    expect(words('CMD')).toEqual([expect.stringMatching(/^CMD \["/)]); // DL3025: or signals go to a shell
    expect(words('CMD')[0]).toContain('exec node');
    expect(
      words('RUN').filter((step) => /npm (ci|install|i)\b/.test(step) && !step.includes('--ignore-scripts')),
    ).toEqual([]);
    expect(dockerfile).not.toMatch(/:latest|--no-verify|(PASSWORD|TOKEN|SECRET|KEY)=/i);
    expect(words('COPY').filter((step) => / \. /.test(step))).toEqual([]); // never the whole context
  });

  it('sends the engine only what is copied: no secrets, no data, no history', () => {
    const ignored = textOf('docker/Dockerfile.dockerignore').split('\n');
    const sent = ignored.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(ignored.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, from = '']) =>
      from.split(' '),
    );
    expect(sent.toSorted()).toEqual(copied.map((path) => path.replace('./', '')).toSorted());
  });

  it('holds no secret: what must not be known has no default', () => {
    const text = textOf('docker/compose.yaml');
    for (const secret of ['POSTGRES_PASSWORD', 'MAIL_TOKEN_KEY']) {
      expect(text).not.toMatch(new RegExp(String.raw`\$\{${secret}:-`));
      expect(text).toContain(`\${${secret}:?`);
    }
  });
});
