import { readConfig, runMain, runUntilSignal, startHttp, TokenBook } from '#runtime';
import { openService } from '#stream';
import { Config } from './config.js';
import { IncidentCommandModule } from './incident-command.module.js';
import { problemTable } from './problems/problem-table.js';
import { readRefusal } from './problems/read-refusal.js';

await runMain(async () => {
  const config = readConfig(Config);
  const service = await openService(config, 'incident-command');
  const { log, health, metrics } = service;
  const tokens = TokenBook.open(config.TOKENS_FILE, config.MODE, log);
  const server = await startHttp(IncidentCommandModule.register({ ...service, tokens }), {
    name: 'incident-command',
    port: config.PORT,
    host: config.HOST,
    log,
    health,
    metrics,
    problems: [problemTable],
    readers: [readRefusal],
  });
  await runUntilSignal(async () => {
    await server.close();
    await service.close();
  }, log);
});
