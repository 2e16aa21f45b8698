import { Body, Controller, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { WarningId } from '#contracts';
import { BearerGuard, Caller, newId, Roles, type TokenHolder } from '#runtime';
import { asked } from '../requests/asked.js';
import { Key, onceFor, type RequestKey } from '../requests/once.js';
import { AskWarning, type Done, type WarningAsk } from './ask-warning.handler.js';
import {
  ApproveWarning,
  DraftWarning,
  HoldWarning,
  OpenVersion,
  SaveDraft,
  SubmitWarning,
  WithReason,
} from './warning-requests.js';

const id = (name = 'warningId') => Param(name, asked(WarningId));

/** What officers do to a warning. Who does it comes from the token, never from the body. */
@Controller('v1/warnings')
@UseGuards(BearerGuard)
export class WarningsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Roles('author')
  draft(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @Body(asked(DraftWarning)) { incidentId, content }: DraftWarning,
  ): Promise<Done> {
    return this.ask(newId('wrn') as WarningId, by, key, { type: 'DraftWarning', incidentId, content });
  }

  @Put(':warningId/draft')
  @Roles('author')
  save(
    @Caller() by: TokenHolder,
    @id() warningId: WarningId,
    @Body(asked(SaveDraft)) { content, revision }: SaveDraft,
  ): Promise<Done> {
    const command: WarningAsk = { type: 'EditDraft', content };
    return this.commands.execute(new AskWarning(warningId, by.id, command, { seen: revision }));
  }

  @Post(':warningId/submit')
  @HttpCode(200)
  @Roles('author')
  submit(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @id() warningId: WarningId,
    @Body(asked(SubmitWarning)) { revision, acknowledged = [] }: SubmitWarning,
  ): Promise<Done> {
    return this.ask(warningId, by, key, { type: 'SubmitWarning', acknowledged }, revision);
  }

  @Post(':warningId/approve')
  @HttpCode(202)
  @Roles('approver')
  approve(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @id() warningId: WarningId,
    @Body(asked(ApproveWarning)) hashes: ApproveWarning,
  ): Promise<Done> {
    return this.ask(warningId, by, key, { type: 'ApproveWarning', ...hashes });
  }

  @Post(':warningId/return')
  @HttpCode(200)
  @Roles('approver')
  sendBack(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @id() warningId: WarningId,
    @Body(asked(WithReason)) { reason }: WithReason,
  ): Promise<Done> {
    return this.ask(warningId, by, key, { type: 'ReturnWarning', reason });
  }

  @Post(':warningId/reject')
  @HttpCode(200)
  @Roles('approver')
  reject(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @id() warningId: WarningId,
    @Body(asked(WithReason)) { reason }: WithReason,
  ): Promise<Done> {
    return this.ask(warningId, by, key, { type: 'RejectWarning', reason });
  }

  @Post(':warningId/hold')
  @HttpCode(200)
  @Roles('approver')
  hold(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @id() warningId: WarningId,
    @Body(asked(HoldWarning)) { reason, until }: HoldWarning,
  ): Promise<Done> {
    return this.ask(warningId, by, key, { type: 'HoldWarning', reason, ...(until && { until }) });
  }

  @Post(':warningId/versions')
  @Roles('author')
  openNext(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @id() warningId: WarningId,
    @Body(asked(OpenVersion)) { content }: OpenVersion,
  ): Promise<Done> {
    return this.ask(warningId, by, key, { type: 'OpenNextVersion', content });
  }

  /** One person, one act, no draft: the text was approved together with the warning. */
  @Post(':warningId/cancel')
  @HttpCode(202)
  @Roles('author', 'approver')
  cancel(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @id() warningId: WarningId,
    @Body(asked(WithReason)) { reason }: WithReason,
  ): Promise<Done> {
    return this.ask(warningId, by, key, { type: 'CancelWarning', reason });
  }

  private ask(
    warningId: WarningId,
    by: TokenHolder,
    key: RequestKey,
    command: WarningAsk,
    seen?: number,
  ): Promise<Done> {
    const options = { once: onceFor(by, key), ...(seen === undefined ? {} : { seen }) };
    return this.commands.execute(new AskWarning(warningId, by.id, command, options));
  }
}
