import { readConfig, runMain, TokenBook } from '#runtime';
import { serve } from '#stream';
import { Config } from './config.js';
import { IncidentLogModule } from './incident-log.module.js';

await runMain(async () => {
  const config = readConfig(Config);
  await serve('incident-log', config, (service) => {
    const tokens = TokenBook.open(config.TOKENS_FILE, config.MODE, service.log);
    return IncidentLogModule.register({ ...service, tokens });
  });
});
