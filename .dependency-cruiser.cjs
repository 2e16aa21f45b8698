/** The house's import rules (README, "How the house is built"). Rule names are the error messages, so they are sentences. */
const specs = String.raw`\.spec\.ts$|/src/testing/|^test/`;
const product = { path: '^(apps|libs)/', pathNot: specs };

/** Which libs a lib may import, besides `contracts`. One way only: apps → channel → {stream, audience} → postgres → runtime. */
const mayImport = {
  contracts: [],
  warning: [],
  wording: [],
  cap: [],
  runtime: [],
  postgres: ['runtime'],
  stream: ['postgres', 'runtime'],
  audience: ['postgres', 'runtime'],
  channel: ['stream', 'audience', 'postgres', 'runtime'],
  practice: ['runtime'],
};
const libs = Object.keys(mayImport);

const onlyKnows = (name, where, module) => ({
  name,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: `${where}|${specs}` },
  to: { path: `node_modules/${module}/`, dependencyTypesNot: ['type-only'] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: { path: '^(apps|libs|test)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'apps-do-not-know-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: `^apps/standalone/|${specs}` },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    { name: 'libs-do-not-know-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    ...libs.map((lib) => ({
      name: 'libs-import-one-way',
      comment: `${lib} may import: contracts ${mayImport[lib].join(' ')}`,
      severity: 'error',
      from: { path: `^libs/${lib}/`, pathNot: specs },
      to: { path: '^libs/', pathNot: `^libs/(${[lib, 'contracts', ...mayImport[lib]].join('|')})/` },
    })),
    {
      name: 'a-lib-is-entered-by-its-front-door',
      severity: 'error',
      from: { path: '^(apps|libs|test)/([^/]+)/' },
      to: {
        path: '^libs/([^/]+)/',
        pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$', '^libs/[^/]+/src/testing/index\\.ts$'],
      },
    },
    {
      name: 'only-specs-import-testing',
      severity: 'error',
      from: product,
      to: { path: '^libs/[^/]+/src/testing/|^test/' },
    },
    {
      name: 'only-exercises-import-practice',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `^apps/(standalone|practice-world)/|^libs/practice/|${specs}` },
      to: { path: '^libs/practice/' },
    },
    {
      name: 'contracts-know-only-zod',
      severity: 'error',
      from: { path: '^libs/contracts/src/', pathNot: specs },
      to: { pathNot: '^libs/contracts/|node_modules/zod/' },
    },
    {
      name: 'the-warning-is-pure',
      severity: 'error',
      from: { path: '^libs/warning/src/', pathNot: specs },
      to: { pathNot: '^libs/(warning|contracts)/' },
    },
    {
      name: 'wording-runs-in-a-browser',
      severity: 'error',
      from: { path: '^libs/wording/src/', pathNot: specs },
      to: { pathNot: '^libs/wording/', dependencyTypesNot: ['type-only'] },
    },
    onlyKnows('only-stream-knows-kafkajs', '^libs/stream/', 'kafkajs'),
    onlyKnows('only-postgres-knows-pg', '^libs/postgres/', '(pg|pg-copy-streams)'),
    onlyKnows(
      'typeorm-stays-in-entities-and-migrations',
      String.raw`^libs/postgres/|\.entity\.ts$|/migrations/|\.migration\.ts$`,
      'typeorm',
    ),
    onlyKnows('only-channel-email-knows-nodemailer', '^apps/channel-email/', 'nodemailer'),
    onlyKnows('only-runtime-knows-pino', '^libs/runtime/', 'pino'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
};
