import { readConfig, runMain, runUntilSignal, startHttp } from '#runtime';
import { openService } from '#stream';
import { readAccounts } from './accounts/configured-account.js';
import { ChannelSocialModule } from './channel-social.module.js';
import { Config } from './config.js';

await runMain(async () => {
  const config = readConfig(Config);
  const accounts = readAccounts(config.ACCOUNTS_FILE, config.MODE);
  const service = await openService(config, 'channel-social');
  const { log, health, metrics } = service;
  const server = await startHttp(ChannelSocialModule.register({ ...config, accounts }, service), {
    name: 'channel-social',
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
