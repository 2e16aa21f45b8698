import { Mode } from '#contracts';
import { z } from 'zod';

/** `host:port` of Kafka's brokers, separated by commas. */
export const Brokers = z
  .string()
  .transform((list) => list.split(',').map((broker) => broker.trim()))
  .pipe(z.array(z.string().regex(/^[^\s:]+:\d{1,5}$/, 'expected host:port')).min(1));

/** What every service of the distributed form is told: spread it into an app's own `Config`. */
export const serviceSettings = {
  /** The world it works in: `live` or `exercise`. No default. */
  MODE: Mode,
  /** The service's own database. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Kafka's brokers, `host:port`, separated by commas. */
  KAFKA_BROKERS: Brokers,
  /** Copies of each topic that this service creates; 3 in production. */
  KAFKA_REPLICATION: z.coerce.number().int().min(1).max(7).default(3),
  /** Where it answers; loopback unless configured. */
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
};

const Service = z.object(serviceSettings);
/** The settings that every service shares. */
export type ServiceSettings = z.infer<typeof Service>;

/** `PORT` with the default that DESIGN §6 gives this app. */
export const portSetting = (usual: number) => z.coerce.number().int().min(0).max(65_535).default(usual);
