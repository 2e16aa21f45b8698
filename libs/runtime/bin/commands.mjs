/**
 * The commands of this repository: what each needs (`install`, or `build` on top of it), what it starts, and what
 * `--help` says before anything is installed.
 */
export const commands = {
  start: {
    needs: 'build',
    module: 'dist/apps/standalone/src/main.js',
    help: `npm start: the whole system as one process, in exercise mode

It installs what is missing, builds, starts an embedded PostgreSQL, the stream, every app and the practice world, and
prints its addresses and the officers' tokens. On an empty data folder it first plays a flood exercise. Ctrl-C stops it.

  PORT          HTTP on this port, practice page, SMTP, SMPP and bounces on the next four (8080)
  HOST          the address that it listens on (127.0.0.1)
  DATA_DIR      where everything is kept; a second start carries on from it (.data)
  DATABASE_URL  a PostgreSQL of your own instead of the embedded one
  MODE          exercise (default), or live: then DATABASE_URL and the channels' own settings are needed (apps/standalone)
  LOG_LEVEL     debug, info, warn or error (info)

  npm start -- --help   this page; nothing is installed`,
  },
  build: { needs: 'build', help: 'npm run build: installs what is missing and compiles everything to dist/' },
  check: {
    needs: 'install',
    script: ['test/support/check.mjs'],
    help: 'npm run check: types, lint, format, import rules, unused code, drift of generated files, house rules',
  },
  test: {
    needs: 'build',
    jest: true,
    help: `npm test: all tests; what follows -- goes to jest

  npm test -- libs/wording     only the tests whose path contains libs/wording
  KAFKA_BROKERS                a broker to test with; else the suite starts one (Java 17 and Maven), else it skips loudly
  REAL_INPUT_DIR               real alerts and boundaries; else those tests say that they were skipped
  CI=true                      a missing broker fails`,
  },
  bench: {
    needs: 'build',
    module: 'dist/test/bench/main.js',
    help: 'npm run bench -- <name>: measures, prints a table and one JSON line; without a name it lists what there is',
  },
  crash: {
    needs: 'build',
    module: 'dist/test/faults/crash.js',
    help: 'npm run crash: kills processes at seeded moments and counts what arrived',
  },
  cap: {
    needs: 'build',
    module: 'dist/libs/cap/bin/cap.js',
    help: 'npm run cap -- <command> FILE…: reads, checks and writes CAP alerts; npm run cap -- help lists the commands',
  },
  wording: {
    needs: 'build',
    module: 'dist/libs/wording/bin/wording.js',
    help: 'npm run wording -- <command>: measures, adapts and checks texts; npm run wording -- help lists the commands',
  },
  subscribers: {
    needs: 'build',
    module: 'dist/libs/audience/bin/subscribers.js',
    help: 'npm run subscribers -- import --channel email|sms FILE.csv: takes in who is to be warned',
  },
  replay: {
    needs: 'build',
    module: 'dist/apps/incident-log/bin/replay.js',
    help: 'npm run replay -- --incident <id>: prints what happened, from the archive; never publishes',
  },
  openapi: {
    needs: 'build',
    module: 'dist/apps/incident-command/bin/openapi.js',
    help: 'npm run openapi: writes the OpenAPI description; -- --check only compares',
  },
};
