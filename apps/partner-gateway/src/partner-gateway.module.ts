import { Module, type DynamicModule } from '@nestjs/common';
import { topics, type Mode } from '#contracts';
import type { Database } from '#postgres';
import { TokenBook, type HealthRegistry, type Log } from '#runtime';
import { Archive, archiveKeeper, Follower, openArchive, type EventStream } from '#stream';
import { EventsController } from './events/events.controller.js';
import { Tail } from './events/tail.js';

/** What this app shares with the others of a standalone, and has for itself when distributed. */
export type PartnerGatewayParts = {
  mode: Mode;
  db: Database;
  stream: EventStream;
  tokens: TokenBook;
  health: HealthRegistry;
  log: Log;
};

/** Partner agencies' door: the live stream of events, from an archive of the gateway's own. */
@Module({})
export class PartnerGatewayModule {
  static register(parts: PartnerGatewayParts): DynamicModule {
    const { mode, db, tokens, log } = parts;
    const { incidents, warnings, deliveries, engagement, channels, inbound } = topics(mode);
    const followed = [incidents, warnings, deliveries, engagement, channels, inbound];
    return {
      module: PartnerGatewayModule,
      controllers: [EventsController],
      providers: [
        { provide: TokenBook, useValue: tokens },
        { provide: Archive, useFactory: () => openArchive(db, 'partner_gateway') },
        {
          provide: Tail,
          useFactory: async (archive: Archive) => new Tail(archive, await archive.epoch(), db, log),
          inject: [Archive],
        },
        {
          provide: Follower,
          useFactory: (archive: Archive) => archiveKeeper(archive, parts, 'partner-gateway', followed),
          inject: [Archive],
        },
      ],
    };
  }
}
