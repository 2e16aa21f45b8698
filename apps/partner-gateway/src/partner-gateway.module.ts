import { Module, type DynamicModule } from '@nestjs/common';
import type { Mode } from '#contracts';
import { migrate, type Database } from '#postgres';
import { TokenBook, type HealthRegistry, type Log } from '#runtime';
import { Archive, archiveMigrations, type EventStream } from '#stream';
import { EventsController } from './events/events.controller.js';
import { Tail } from './events/tail.js';
import { GatewayArchive } from './gateway-archive.js';

/** What this app shares with the others of a standalone, and has for itself when distributed. */
export type PartnerGatewayParts = {
  mode: Mode;
  db: Database;
  stream: EventStream;
  tokens: TokenBook;
  health: HealthRegistry;
  log: Log;
};

const SCHEMA = 'partner_gateway';

/** Partner agencies' door: the live stream of events, from an archive of the gateway's own. */
@Module({})
export class PartnerGatewayModule {
  static register(parts: PartnerGatewayParts): DynamicModule {
    const { db, tokens, log } = parts;
    return {
      module: PartnerGatewayModule,
      controllers: [EventsController],
      providers: [
        { provide: TokenBook, useValue: tokens },
        {
          provide: Archive,
          useFactory: async () => {
            await migrate(db, { schema: SCHEMA, migrations: archiveMigrations });
            return new Archive(db, SCHEMA);
          },
        },
        {
          provide: Tail,
          useFactory: async (archive: Archive) => new Tail(archive, await archive.epoch(), log),
          inject: [Archive],
        },
        {
          provide: GatewayArchive,
          useFactory: (archive: Archive, tail: Tail) => new GatewayArchive(parts, archive, tail),
          inject: [Archive, Tail],
        },
      ],
    };
  }
}
