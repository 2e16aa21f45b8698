import { readConfig, runMain, runUntilSignal, startHttp, TokenBook } from '#runtime';
import { openService } from '#stream';
import { Config } from './config.js';
import { PartnerGatewayModule } from './partner-gateway.module.js';

await runMain(async () => {
  const config = readConfig(Config);
  const service = await openService(config, 'partner-gateway');
  const { log, health, metrics } = service;
  const tokens = TokenBook.open(config.TOKENS_FILE, config.MODE, log);
  const server = await startHttp(PartnerGatewayModule.register({ ...service, tokens }), {
    name: 'partner-gateway',
    port: config.PORT,
    host: config.HOST,
    log,
    health,
    metrics,
  });
  await runUntilSignal(async () => {
    await server.close();
    await service.close();
  }, log);
});
