import { newLog, readConfig, runMain, TokenBook } from '#runtime';
import { serve } from '#stream';
import { Config } from './config.js';
import { PartnerGatewayModule } from './partner-gateway.module.js';

await runMain(async () => {
  const config = readConfig(Config);
  const tokens = TokenBook.open(config.TOKENS_FILE, config.MODE, newLog('partner-gateway', config.LOG_LEVEL));
  await serve('partner-gateway', config, (service) => PartnerGatewayModule.register({ ...service, tokens }));
});
