import { readConfig, runMain, TokenBook } from '#runtime';
import { serve } from '#stream';
import { Config } from './config.js';
import { PartnerGatewayModule } from './partner-gateway.module.js';

await runMain(async () => {
  const config = readConfig(Config);
  await serve('partner-gateway', config, (service) => {
    const tokens = TokenBook.open(config.TOKENS_FILE, config.MODE, service.log);
    return PartnerGatewayModule.register({ ...service, tokens });
  });
});
