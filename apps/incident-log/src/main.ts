import { newLog, readConfig, runMain, TokenBook } from '#runtime';
import { serve } from '#stream';
import { Config } from './config.js';
import { IncidentLogModule } from './incident-log.module.js';

await runMain(async () => {
  const config = readConfig(Config);
  const tokens = TokenBook.open(config.TOKENS_FILE, config.MODE, newLog('incident-log', config.LOG_LEVEL));
  await serve('incident-log', config, (service) => IncidentLogModule.register({ ...service, tokens }));
});
