import { newLog, readConfig, runMain, TokenBook } from '#runtime';
import { serve } from '#stream';
import { Config } from './config.js';
import { IncidentCommandModule } from './incident-command.module.js';
import { problemTable } from './problems/problem-table.js';
import { readRefusal } from './problems/read-refusal.js';

await runMain(async () => {
  const config = readConfig(Config);
  const tokens = TokenBook.open(
    config.TOKENS_FILE,
    config.MODE,
    newLog('incident-command', config.LOG_LEVEL),
  );
  await serve(
    'incident-command',
    config,
    (service) => IncidentCommandModule.register({ ...service, tokens }),
    { problems: [problemTable], readers: [readRefusal] },
  );
});
