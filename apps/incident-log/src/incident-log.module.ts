import { Module, type DynamicModule } from '@nestjs/common';
import type { Mode } from '#contracts';
import { migrate, type Database } from '#postgres';
import { TokenBook, type HealthRegistry } from '#runtime';
import { Archive, archiveMigrations, type EventStream } from '#stream';
import { Keeper } from './keeper.js';
import { ReadingController } from './reading.controller.js';

/** What this app shares with the others of a standalone, and has for itself when distributed. */
export type IncidentLogParts = {
  mode: Mode;
  db: Database;
  stream: EventStream;
  tokens: TokenBook;
  health: HealthRegistry;
};

const SCHEMA = 'incident_log';

/** The reading side: keeps every event of every topic, and tells timeline and report from them. */
@Module({})
export class IncidentLogModule {
  static register({ mode, db, stream, tokens, health }: IncidentLogParts): DynamicModule {
    return {
      module: IncidentLogModule,
      controllers: [ReadingController],
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
          provide: Keeper,
          useFactory: (archive: Archive) => new Keeper(archive, stream, mode, health),
          inject: [Archive],
        },
      ],
    };
  }
}
