import { readConfig, runMain } from '#runtime';
import { serve } from '#stream';
import { ChannelEmailModule } from './channel-email.module.js';
import { Config } from './config.js';

await runMain(async () => {
  const config = readConfig(Config);
  await serve('channel-email', config, (service) =>
    ChannelEmailModule.register(config, { ...service, host: config.HOST }),
  );
});
