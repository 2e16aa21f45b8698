import { Module, type DynamicModule } from '@nestjs/common';
import { allTopics, type Mode } from '#contracts';
import type { Database } from '#postgres';
import { TokenBook, type HealthRegistry, type Log } from '#runtime';
import { Archive, archiveKeeper, Follower, openArchive, type EventStream } from '#stream';
import { ReadingController } from './reading.controller.js';

/** What this app shares with the others of a standalone, and has for itself when distributed. */
export type IncidentLogParts = {
  mode: Mode;
  db: Database;
  stream: EventStream;
  tokens: TokenBook;
  health: HealthRegistry;
  log: Log;
};

/** The reading side: keeps every event of every topic of one world for good, and tells timeline and report from them. */
@Module({})
export class IncidentLogModule {
  static register(parts: IncidentLogParts): DynamicModule {
    const topics = allTopics(parts.mode).map(({ name }) => name);
    return {
      module: IncidentLogModule,
      controllers: [ReadingController],
      providers: [
        { provide: TokenBook, useValue: parts.tokens },
        { provide: Archive, useFactory: () => openArchive(parts.db, 'incident_log') },
        {
          provide: Follower,
          useFactory: (archive: Archive) => archiveKeeper(archive, parts, 'incident-log', topics),
          inject: [Archive],
        },
      ],
    };
  }
}
