import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { WarningId } from '#contracts';
import { problem } from '../problems/problem-table.js';
import { WarningDesk } from '../warnings/warning-desk.js';
import { ChannelStates, type ChannelState } from '../channels/channel-states.js';
import { forPartners } from './for-partners.js';
import { warningView, type WarningView } from './warning-view.js';

/** A whole warning with its state on each channel. */
export type WarningShown = WarningView & { channels: ChannelState[] };

/** One warning; for a partner's eyes, only what went out and without officers' ids. */
export class ShowWarning extends Query<WarningShown> {
  constructor(
    readonly warningId: WarningId,
    readonly eyes: 'own' | 'partner',
  ) {
    super();
  }
}

@QueryHandler(ShowWarning)
export class ShowWarningHandler implements IQueryHandler<ShowWarning> {
  constructor(
    private readonly desk: WarningDesk,
    private readonly channels: ChannelStates,
  ) {}

  async execute({ warningId, eyes }: ShowWarning): Promise<WarningShown> {
    const { events } = await this.desk.read(warningId);
    const whole = warningView(events);
    const view = whole && eyes === 'partner' ? forPartners(whole) : whole;
    if (view === undefined) throw problem('no-such-warning');
    const used = view.versions.flatMap(({ content }) => content.channels ?? []);
    return { ...view, channels: await this.channels.of(warningId, used) };
  }
}
