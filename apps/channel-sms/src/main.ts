import { readConfig, runMain, runUntilSignal, startHttp } from '#runtime';
import { openService } from '#stream';
import { ChannelSmsModule } from './channel-sms.module.js';
import { Config } from './config.js';

await runMain(async () => {
  const config = readConfig(Config);
  const service = await openService(config, 'channel-sms');
  const { log, health, metrics } = service;
  const server = await startHttp(ChannelSmsModule.register(config, service), {
    name: 'channel-sms',
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
