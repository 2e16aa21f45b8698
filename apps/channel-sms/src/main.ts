import { readConfig, runMain } from '#runtime';
import { serve } from '#stream';
import { ChannelSmsModule } from './channel-sms.module.js';
import { Config } from './config.js';

await runMain(async () => {
  const config = readConfig(Config);
  await serve('channel-sms', config, (service) => ChannelSmsModule.register(config, service));
});
