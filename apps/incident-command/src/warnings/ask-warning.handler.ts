import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Instant, OfficerId, WarningId } from '#contracts';
import { Clock } from '#runtime';
import type { WarningCommand } from '#warning';
import type { Acknowledgement } from './warning-requests.js';
import { Recorder, type Once } from '../record/recorder.js';
import { WarningDesk } from './warning-desk.js';
import type { Standing } from './warning-row.js';

/** What a caller asks: as the rules know it, but that the texts and hashes of a submission are made here. */
export type WarningAsk =
  | Exclude<WarningCommand, { type: 'SubmitWarning' }>
  | { type: 'SubmitWarning'; acknowledged: readonly Acknowledgement[] };

/** What a caller learns of a command that was done: which version it was about, and how the warning stands now. */
export type Done = { id: WarningId; version: number; revision: number } & Standing;

/** One command about one warning. With `seen`, only if the warning is still at that revision. */
export class AskWarning extends Command<Done> {
  constructor(
    readonly warningId: WarningId,
    readonly by: OfficerId,
    readonly command: WarningAsk,
    readonly options: { once?: Once; seen?: number; at?: Instant; actor?: string } = {},
  ) {
    super();
  }
}

/** Load, decide, append: the one handler of every command about a warning. */
@CommandHandler(AskWarning)
export class AskWarningHandler implements ICommandHandler<AskWarning> {
  constructor(
    private readonly recorder: Recorder,
    private readonly desk: WarningDesk,
    private readonly clock: Clock,
  ) {}

  execute({ warningId, by, command, options }: AskWarning): Promise<Done> {
    const { once, seen, actor } = options;
    return this.recorder.record(once, async () => {
      const asked = { warningId, by, at: options.at ?? this.clock.now() };
      return this.desk.plan(command, asked, {
        ...(seen === undefined ? {} : { seen }),
        ...(actor && { actor }),
      });
    });
  }
}
