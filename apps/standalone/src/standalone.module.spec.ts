import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const here = join('apps', 'standalone', 'src');
const apps = readdirSync('apps').filter((app) => app !== 'standalone');

/** Every file of the standalone that ships, as one text. */
const shipped = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(join(here, file), 'utf8'))
  .join('\n');

describe('everything in one process', () => {
  it.each(apps.filter((app) => app !== 'practice-world'))('has %s in it, by its own module', (app) =>
    expect(shipped).toMatch(new RegExp(`from '(\\.\\./)+${app}/src/${app}\\.module\\.js'`)),
  );

  it('loads the practice world in an exercise alone: never by an import that stands at the top', () => {
    expect(shipped).toContain(`await import('#practice')`);
    const atTheTop = [...shipped.matchAll(/^import (type )?.* from '#practice';$/gm)];
    expect(atTheTop.filter(([, type]) => type === undefined)).toEqual([]);
  });

  it('has no route, no table and no rule of its own', () => {
    expect(shipped).not.toMatch(/@Controller|@Entity|create table|MigrationInterface/);
    expect(shipped).not.toMatch(/APP_(GUARD|PIPE|FILTER|INTERCEPTOR)/);
  });
});
