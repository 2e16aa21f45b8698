import { Controller, Get, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { IncidentId } from '#contracts';
import { BearerGuard, bearerToken, Caller, houseProblem, Roles, TokenBook, type TokenHolder } from '#runtime';
import { Archive } from '#stream';
import { z } from 'zod';
import { audienceOf, typesWished, type EventAudience } from './audience.js';
import { serveReader } from './reader.js';
import { gapMessage, readPlace, stillHere } from './sse-message.js';
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
    private readonly tokens: TokenBook,
  ) {}

  @Get()
  async follow(
    @Query({ schema: EventsQuery }) { after, types, incident }: EventsQuery,
    @Caller() holder: TokenHolder,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const audience = audienceOf(holder);
    if (audience === undefined) throw houseProblem('not-your-role');
    const wished = typesWished(audience, types);
    // What the browser remembers is newer than what stands in its address.
    const start = await this.startAt(request.header('last-event-id') || after);
    response.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    if (request.method === 'HEAD') return void response.end(); // it has no body that could ever end by itself
    if (start.gap !== undefined) response.write(start.gap);
    response.write(stillHere({ epoch: this.tail.epoch, position: start.after }));
    await serveReader(response, this.tail, {
      audience,
      after: start.after,
      types: wished,
      incident,
      mayStay: () => this.audienceNow(request) === audience,
    });
  }

  /** Of the token as it stands in the book now: one that was withdrawn an hour ago must not go on reading. */
  private audienceNow(request: Request): EventAudience | undefined {
    const token = bearerToken(request.headers.authorization);
    const found = token === undefined ? 'unknown' : this.tokens.find(token);
    return typeof found === 'string' ? undefined : audienceOf(found);
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
