import { Body, Controller, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { IncidentId } from '#contracts';
import { BearerGuard, Caller, houseProblem, Roles, type TokenHolder } from '#runtime';
import { asked } from '../requests/asked.js';
import { Key, onceFor, type RequestKey } from '../requests/once.js';
import { Pace, type PaceOf } from '../requests/pace.js';
import { World } from '../world.js';
import { readAlert } from './read-alert.js';
import { TakeCap, type TakenIn } from './take-cap.handler.js';

/** The incident that the alert belongs to, when the sender knows it. */
export const CapAsked = z.strictObject({ incident: IncidentId.optional() });
export type CapAsked = z.infer<typeof CapAsked>;

/**
 * A storm of a whole country has some hundred alerts in its first minutes; reading one takes some milliseconds that nobody else
 * has meanwhile. What officers do has no such limit: a cancel is never told to wait.
 */
const ALERTS: PaceOf = { atOnce: 300, perSecond: 5 };
/** A large one counts for more: its corners are read one by one, and a megabyte of them takes half a second. */
const BYTES_OF_ONE = 50_000;

/** Takes a partner's CAP alert: nothing of it goes out before two officers have said so. */
@Controller('v1/cap')
@UseGuards(BearerGuard)
export class CapController {
  private readonly pace = new Pace(ALERTS);

  constructor(
    private readonly commands: CommandBus,
    private readonly world: World,
  ) {}

  @Post()
  @Roles('partner', 'author')
  take(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @Query(asked(CapAsked)) { incident }: CapAsked,
    @Body() body: unknown,
  ): Promise<TakenIn> {
    if (!(body instanceof Uint8Array)) throw houseProblem('wrong-content-type');
    this.pace.take(by.id, Math.max(1, Math.ceil(body.byteLength / BYTES_OF_ONE)));
    const taken = readAlert(body, this.world.mode);
    return this.commands.execute(new TakeCap(taken, by.id, onceFor(by, key), incident));
  }
}
