import { describe, expect, it } from '@jest/globals';
import { product, textOf, tracked } from './house.js';

const controllers = () => product().filter((path) => path.endsWith('.controller.ts'));

/** Routes that answer without a token, each with its reason. */
const OPEN = new Map([
  [
    'apps/channel-email/src/unsubscribe/unsubscribe.controller.ts',
    'the public: the token in the address is the proof (RFC 8058)',
  ],
  ['apps/incident-command/src/docs/docs.controller.ts', 'the description of the interface holds no data'],
]);

describe('the structure of the house', () => {
  it('every route has a guard, but for those that say why not', () => {
    const open = controllers().filter((path) => !/@UseGuards\([^)]*BearerGuard/.test(textOf(path)));
    expect(open.filter((path) => !OPEN.has(path))).toEqual([]);
  });

  it('no app’s module answers for the routes of the others', () =>
    expect(product().filter((path) => /APP_(GUARD|PIPE|FILTER|INTERCEPTOR)/.test(textOf(path)))).toEqual([]));

  it('every project of the house stands in nest-cli.json', () => {
    const rooms = new Set(tracked().flatMap((path) => /^(?:apps|libs)\/([^/]+)\//.exec(path)?.[1] ?? []));
    const { projects } = JSON.parse(textOf('nest-cli.json')) as { projects: object };
    expect(Object.keys(projects).sort()).toEqual([...rooms].sort());
  });

  it('nothing that ships imports what only tests know, of its own app either', () => {
    const shipped = product().filter((path) => /from '[^']*\/testing(\/[^']*)?'/.test(textOf(path)));
    expect(shipped).toEqual([]);
  });

  it('no folder is named after what it is made of', () => {
    const banned =
      /\/(dto|interfaces|enums|constants|types|utils|mappers|ports|base|common|helpers|shared)\//;
    expect(product().filter((path) => banned.test(path))).toEqual([]);
  });

  it('only front doors are barrels', () => {
    const barrels = product().filter(
      (path) => path.endsWith('/index.ts') && !/^libs\/[^/]+\/src\/index\.ts$/.test(path),
    );
    expect(barrels).toEqual([]);
  });
});
