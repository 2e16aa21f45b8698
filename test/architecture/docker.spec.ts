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

  it('pins every image to a version, and Kafka and Node to those that the tests ran on', () => {
    const images = Object.values(compose.services).flatMap(({ image }) => image ?? []);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base ?? '');
    for (const image of [...images, ...bases]) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-\w+)*$/);
    const pom = textOf('test/support/kafka/jars.ts');
    const kafka = images.find((image) => image.startsWith('apache/kafka:'))?.split(':')[1] ?? '';
    expect(pom).toContain(kafka);
  });

  it('holds no secret: what must not be known has no default', () => {
    const text = textOf('docker/compose.yaml');
    for (const secret of ['POSTGRES_PASSWORD', 'MAIL_TOKEN_KEY']) {
      expect(text).not.toMatch(new RegExp(String.raw`\$\{${secret}:-`));
      expect(text).toContain(`\${${secret}:?`);
    }
  });
});
