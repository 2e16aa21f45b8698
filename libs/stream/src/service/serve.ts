import type { DynamicModule } from '@nestjs/common';
import { runUntilSignal, startHttp, type HttpOptions } from '#runtime';
import { openService, type Service } from './open-service.js';
import type { ServiceSettings } from './service-settings.js';

/**
 * Runs one app of the distributed form until it is told to stop: opens what it stands on, starts its module behind HTTP, and
 * closes both in the other order. Throws what the operator must mend.
 */
export async function serve(
  name: string,
  settings: ServiceSettings & { PORT: number },
  moduleOf: (service: Service) => DynamicModule,
  own: Pick<HttpOptions, 'problems' | 'readers'> = {},
): Promise<never> {
  const service = await openService(settings, name);
  const { log, health, metrics } = service;
  const at = { name, port: settings.PORT, host: settings.HOST };
  const server = await startHttp(moduleOf(service), { ...at, log, health, metrics, ...own });
  return runUntilSignal(async () => {
    await server.close();
    await service.close();
  }, log);
}
