import type { DynamicModule } from '@nestjs/common';
import { newLog, openStartingBoard, runUntilSignal, sleep, startHttp, type HttpOptions } from '#runtime';
import { openService, type Service } from './open-service.js';
import type { ServiceSettings } from './service-settings.js';
import { untilDatabase } from './until-database.js';

type Running = { close(): Promise<void> };

/** A stop in the midst of a start waits so long for it, so that what is nearly open is closed properly. */
const OPENED_WITHIN_MS = 1_000;

/**
 * Runs one app of the distributed form until it is told to stop: opens what it stands on, starts its module behind HTTP, and
 * closes both in the other order. Waits for a PostgreSQL that does not answer yet, and says so on `/readyz` meanwhile. Throws what
 * the operator must mend.
 */
export async function serve(
  name: string,
  settings: ServiceSettings & { PORT: number },
  moduleOf: (service: Service) => DynamicModule,
  own: Pick<HttpOptions, 'problems' | 'readers'> = {},
): Promise<never> {
  const log = newLog(name, settings.LOG_LEVEL);
  const board = await openStartingBoard({ port: settings.PORT, host: settings.HOST });
  const at = { name, port: board.port, host: settings.HOST, takesPort: () => board.close(), ...own };
  const stop = new AbortController();
  const starting = untilDatabase(() => run(name, settings, moduleOf, at), { board, log }, stop.signal);
  const stopped = runUntilSignal(async () => {
    stop.abort();
    const running = await Promise.race([starting, sleep(OPENED_WITHIN_MS)]);
    await running?.close();
  }, log);
  await starting;
  return stopped;
}

/** One try: all of it, or nothing that stays open. */
async function run(
  name: string,
  settings: ServiceSettings,
  moduleOf: (service: Service) => DynamicModule,
  at: Omit<HttpOptions, 'log'>,
): Promise<Running> {
  const service = await openService(settings, name);
  const { log, health, metrics } = service;
  try {
    const server = await startHttp(moduleOf(service), { ...at, log, health, metrics });
    return {
      close: async () => {
        await server.close();
        await service.close();
      },
    };
  } catch (error) {
    await service.close();
    throw error;
  }
}
