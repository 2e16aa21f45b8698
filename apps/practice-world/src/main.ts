import { newLog, readConfig, runMain, runUntilSignal } from '#runtime';
import { PracticeWorld } from '#practice';
import { Config } from './config.js';

await runMain(async () => {
  const config = readConfig(Config);
  const log = newLog('practice-world', config.LOG_LEVEL);
  const world = await PracticeWorld.open({
    dataDir: config.DATA_DIR,
    seed: config.PRACTICE_SEED,
    host: config.HOST,
    ports: { http: config.PORT, smtp: config.SMTP_PORT, smpp: config.SMPP_PORT },
    reactionsMs: config.REACTIONS_MS,
    ...(config.BOUNCE_HOST !== undefined && {
      bounceTo: {
        host: config.BOUNCE_HOST,
        port: config.BOUNCE_PORT,
        privateNetwork: config.PRIVATE_NETWORK === 'yes',
      },
    }),
  });
  // Whoever reads the line may send a signal at once: it must already be waited for.
  const stopped = runUntilSignal(() => world.close(), log);
  log.info({ url: world.url, ports: world.ports, seed: config.PRACTICE_SEED }, 'practice world open');
  await stopped;
});
