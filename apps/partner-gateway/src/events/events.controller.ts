import { Controller, Get, Headers, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { IncidentId } from '#contracts';
import { BearerGuard, Caller, Roles, type TokenHolder } from '#runtime';
import { Archive } from '#stream';
import { z } from 'zod';
import { serveReader } from './reader.js';
import { gapMessage, readPlace } from './sse-message.js';
import { Tail } from './tail.js';

const placeText = z
  .string()
  .regex(/^[0-9a-f]{1,32}-\d{1,18}$/, 'expected the id of an event, such as 1f2e3d4c-120');

/** What a reader may ask for. `after` is an id of this stream; `types` event types, separated by commas. */
export const EventsQuery = z.strictObject({
  after: placeText.optional(),
  types: z
    .string()
    .regex(/^[A-Za-z]{1,60}(,[A-Za-z]{1,60}){0,49}$/, 'expected event types separated by commas')
    .optional(),
  incident: IncidentId.optional(),
});
type EventsQuery = z.infer<typeof EventsQuery>;

/** Partner agencies and reviewers follow the same events live, from any position of this archive. */
@Controller('v1/events')
@UseGuards(BearerGuard)
@Roles('partner', 'reviewer')
export class EventsController {
  constructor(
    private readonly archive: Archive,
    private readonly tail: Tail,
  ) {}

  @Get()
  async follow(
    @Query({ schema: EventsQuery }) { after, types, incident }: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() { roles }: TokenHolder,
    @Res() response: Response,
  ): Promise<void> {
    response.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    // What the browser remembers is newer than what stands in its address.
    const start = await this.startAt(lastEventId ?? after);
    if (start.gap !== undefined) response.write(start.gap);
    await serveReader(response, this.tail, {
      audience: roles.includes('reviewer') ? 'reviewer' : 'partner',
      after: start.after,
      types: types === undefined ? undefined : new Set(types.split(',')),
      incident,
    });
  }

  private async startAt(asked: string | undefined): Promise<{ after: bigint; gap?: Buffer }> {
    const { oldest, newest } = await this.archive.ends();
    if (asked === undefined) return { after: newest };
    const place = readPlace(asked);
    const isHere =
      place?.epoch === this.tail.epoch && place.position <= newest && place.position >= oldest - 1n;
    if (place !== undefined && isHere) return { after: place.position };
    return { after: oldest - 1n, gap: gapMessage(asked, this.tail.epoch, oldest) };
  }
}
