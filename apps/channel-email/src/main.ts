import { readConfig, runMain, runUntilSignal, startHttp } from '#runtime';
import { openService } from '#stream';
import { ChannelEmailModule } from './channel-email.module.js';
import { Config } from './config.js';

await runMain(async () => {
  const config = readConfig(Config);
  const service = await openService(config, 'channel-email');
  const { log, health, metrics } = service;
  const server = await startHttp(ChannelEmailModule.register(config, { ...service, host: config.HOST }), {
    name: 'channel-email',
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
