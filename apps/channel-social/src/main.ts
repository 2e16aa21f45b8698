import { readConfig, runMain } from '#runtime';
import { serve } from '#stream';
import { readAccounts } from './accounts/configured-account.js';
import { ChannelSocialModule } from './channel-social.module.js';
import { Config } from './config.js';

await runMain(async () => {
  const config = readConfig(Config);
  const accounts = readAccounts(config.ACCOUNTS_FILE, config.MODE);
  await serve('channel-social', config, (service) =>
    ChannelSocialModule.register({ ...config, accounts }, service),
  );
});
