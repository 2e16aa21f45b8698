import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RequestMethod, type Type } from '@nestjs/common';
import { CapController } from '../cap/cap.controller.js';
import { IncidentsController } from '../incidents/incidents.controller.js';
import { problemTable } from '../problems/problem-table.js';
import { ProposalsController } from '../proposals/proposals.controller.js';
import { ReadingController } from '../reading/reading.controller.js';
import { WarningsController } from '../warnings/warnings.controller.js';
import { docsPage } from './docs.controller.js';
import { openApi, openApiText } from './open-api.js';
import { allProblems, problemsOfRoute } from './route.js';
import { routes } from './routes.js';

const controllers: readonly Type[] = [
  CapController,
  IncidentsController,
  ProposalsController,
  ReadingController,
  WarningsController,
];

/** The routes that really answer, from what the decorators left behind. */
const served = controllers.flatMap((controller) => {
  const base = String(Reflect.getMetadata('path', controller)).replace(/^v1/, '');
  const methods = Object.values(Object.getOwnPropertyDescriptors(controller.prototype)).map(
    ({ value }: PropertyDescriptor) => value as object,
  );
  return methods
    .filter(
      (method) =>
        typeof method === 'function' && method !== controller && Reflect.hasMetadata('path', method),
    )
    .map((method) => {
      const own = String(Reflect.getMetadata('path', method));
      const roles = (Reflect.getMetadata('larum roles', method) ??
        Reflect.getMetadata('larum roles', controller) ??
        []) as string[];
      const verb = RequestMethod[Reflect.getMetadata('method', method) as number] ?? '';
      return {
        route: `${verb.toLowerCase()} ${`${base}/${own}`.replace(/\/+/g, '/').replace(/\/$/, '')}`,
        roles: roles.join(' '),
        guarded: Reflect.hasMetadata('__guards__', controller),
      };
    });
});

describe('the description of the interface', () => {
  it('names exactly the routes that answer, with the roles that they ask for', () => {
    const described = routes.map(({ method, path: at, roles }) =>
      `${method} ${at} ${roles.join(' ')}`.trim(),
    );
    expect(described.toSorted()).toEqual(
      served.map(({ route, roles }) => `${route} ${roles}`.trim()).toSorted(),
    );
  });

  it('is of routes that all stand behind a token', () => {
    expect(served.filter(({ guarded }) => !guarded)).toEqual([]);
    expect(served.length).toBeGreaterThan(15);
  });

  it('is committed as the code says it', () => {
    const committed = readFileSync(path.join(import.meta.dirname, '../../openapi.json'), 'utf8');
    expect(committed === openApiText()).toBe(true);
  });

  it('demands a key of every POST, and of nothing else', () => {
    const text = JSON.stringify(openApi()['paths']);
    expect(text.split('"Idempotency-Key"').length - 1).toBe(
      routes.filter(({ method }) => method === 'post').length,
    );
  });

  it('has no reference that leads nowhere', () => {
    const document = openApi();
    const { schemas } = document['components'] as { schemas: Record<string, unknown> };
    const named = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in schemas))).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('#/$defs/');
  });

  it('refuses unknown fields in every body, as the requests do', () => {
    const { schemas } = openApi()['components'] as { schemas: Record<string, Record<string, unknown>> };
    for (const { body } of routes)
      if (body) expect(schemas[body.name]).toMatchObject({ additionalProperties: false });
  });
});

describe('the problems', () => {
  it('are each met on some route, or the table has one too many', () => {
    const met = new Set<string>(routes.flatMap(problemsOfRoute));
    const never = ['not-expired-yet']; // only the expiry clock asks for an expiry
    expect(Object.keys(problemTable).filter((code) => !met.has(code) && !never.includes(code))).toEqual([]);
  });

  it('say what to do, in sentences, and carry no code of another status class', () => {
    for (const [code, { status, title, meaning, whatToDo }] of Object.entries(allProblems)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title.length).toBeGreaterThan(5);
      expect(meaning).toMatch(/[.]$/);
      expect(whatToDo).toMatch(/[.]$/);
    }
  });

  it('have titles that nobody can mix up', () => {
    const titles = Object.values(allProblems).map(({ title }) => title);
    expect(titles).toEqual([...new Set(titles)]);
  });
});

describe('the page', () => {
  const page = docsPage(openApi());
  it('shows every route, and loads nothing from anywhere', () => {
    for (const { method, path: at } of routes)
      expect(page).toContain(`${method.toUpperCase()} /v1${at}</code>`);
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
  });
  it('escapes what stands in schemas', () => expect(page).not.toMatch(/<pre>[^<]*[<>][^/<]/));
});
