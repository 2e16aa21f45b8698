/**
 * Commands of READMEs that no test runs as they stand, each with the reason and with what tries the same thing. A command that is
 * neither here nor run by `end-to-end/readme.e2e.spec.ts` fails `architecture/readme.spec.ts`.
 */
export const NOT_RUN: readonly { file: string; command: RegExp; why: string }[] = [
  {
    file: 'apps/standalone/README.md',
    command: /^MODE=live DATABASE_URL=postgres:\/\/…/,
    why: 'its addresses are left open on purpose; end-to-end/live.e2e.spec.ts starts a live one',
  },
  {
    file: 'docker/README.md',
    command: /^(mkdir -p docker\/secrets|export POSTGRES_PASSWORD|docker compose )/,
    why: 'there is no Docker engine; architecture/docker.spec.ts holds the files against the apps',
  },
  {
    file: 'test/faults/README.md',
    command: /^npm run crash( -- --form standalone --seed conwy)?$/,
    why: 'it takes minutes; faults/crash.e2e.spec.ts runs its short form, and its options are held against --help',
  },
];

/** READMEs whose commands and code are run by a spec of their own, beside them. */
export const OWN_SPEC: Readonly<Record<string, string>> = {
  'libs/cap/README.md': 'libs/cap/src/readme.int.spec.ts',
  'libs/wording/README.md': 'libs/wording/src/readme.spec.ts',
};
