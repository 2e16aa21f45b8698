import { Module, type DynamicModule } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import type { Mode } from '#contracts';
import { Database, EventRecord, migrate } from '#postgres';
import { Clock, TokenBook, type HealthRegistry, type Log, type Metrics } from '#runtime';
import { EventStream } from '#stream';
import { CapController } from './cap/cap.controller.js';
import { KnownAlerts } from './cap/known-alerts.js';
import { TakeCapHandler } from './cap/take-cap.handler.js';
import { ChannelFollower } from './channels/channel-follower.js';
import { KnownAccounts } from './channels/known-accounts.js';
import { Desks } from './desks.js';
import { DocsController } from './docs/docs.controller.js';
import { ExpiryClock } from './expiry/expiry-clock.js';
import { IncidentsController } from './incidents/incidents.controller.js';
import { IncidentDesk } from './incidents/incident-desk.js';
import { OpenIncidentHandler } from './incidents/open-incident.handler.js';
import { ListIncidentsHandler, ShowIncidentHandler } from './incidents/show-incident.handler.js';
import { Forgetting } from './record/forgetting.js';
import { migrations, SCHEMA } from './record/migrations.js';
import { Outgoing } from './record/outgoing.js';
import { Recorder } from './record/recorder.js';
import { AskWarningHandler } from './warnings/ask-warning.handler.js';
import { WarningDesk } from './warnings/warning-desk.js';
import { WarningsController } from './warnings/warnings.controller.js';
import { DecideProposalHandler } from './proposals/decide-proposal.handler.js';
import { ListProposalsHandler } from './proposals/list-proposals.handler.js';
import { ProposalsController } from './proposals/proposals.controller.js';
import { ChannelStates } from './channels/channel-states.js';
import { ListWarningsHandler } from './reading/list-warnings.handler.js';
import { ReadingController } from './reading/reading.controller.js';
import { ShowWarningHandler } from './reading/show-warning.handler.js';
import { World } from './world.js';

/** What this app shares with the others of a standalone, and has for itself when distributed. */
export type IncidentCommandParts = {
  mode: Mode;
  db: Database;
  stream: EventStream;
  tokens: TokenBook;
  health: HealthRegistry;
  metrics: Metrics;
  clock: Clock;
  log: Log;
};

/** The control rooms' API: incidents and warnings, decided, recorded, and relayed to `<mode>.incidents.v1` and `<mode>.warnings.v1`. */
@Module({})
export class IncidentCommandModule {
  static register(parts: IncidentCommandParts): DynamicModule {
    const { mode, db, stream, tokens, health, metrics, clock, log } = parts;
    const world = new World(mode);
    const house = { mode, stream, log: log.child({ app: 'incident-command' }), health, metrics };
    return {
      module: IncidentCommandModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        IncidentsController,
        WarningsController,
        ReadingController,
        CapController,
        ProposalsController,
        DocsController,
      ],
      providers: [
        { provide: World, useValue: world },
        { provide: Database, useValue: db },
        { provide: Clock, useValue: clock },
        { provide: TokenBook, useValue: tokens },
        {
          provide: EventRecord,
          useFactory: async () => {
            await migrate(db, { schema: SCHEMA, migrations });
            return new EventRecord(db, SCHEMA);
          },
        },
        {
          provide: Outgoing,
          useFactory: () => new Outgoing(db, house),
          inject: [EventRecord], // only after its migrations
        },
        {
          provide: ChannelFollower,
          useFactory: () => new ChannelFollower(db, house),
          inject: [EventRecord],
        },
        {
          provide: ExpiryClock,
          useFactory: (commands: CommandBus) => new ExpiryClock(db, commands, house),
          inject: [CommandBus, EventRecord],
        },
        {
          provide: Forgetting,
          useFactory: (record: EventRecord) => new Forgetting(record, house),
          inject: [EventRecord],
        },
        Recorder,
        KnownAccounts,
        WarningDesk,
        AskWarningHandler,
        OpenIncidentHandler,
        ListIncidentsHandler,
        ShowIncidentHandler,
        IncidentDesk,
        Desks,
        KnownAlerts,
        TakeCapHandler,
        DecideProposalHandler,
        ListProposalsHandler,
        ChannelStates,
        ListWarningsHandler,
        ShowWarningHandler,
      ],
    };
  }
}
