import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ItemId } from '#contracts';
import { BearerGuard, Caller, Roles, type TokenHolder } from '#runtime';
import { asked } from '../requests/asked.js';
import { Key, onceFor, type RequestKey } from '../requests/once.js';
import { DecideProposal, type Decided, type Verdict } from './decide-proposal.handler.js';
import { ListProposals, type ProposalLine } from './list-proposals.handler.js';
import { ConfirmProposal, DismissProposal, ProposalsAsked } from './proposal-requests.js';

/** What partners propose and officers decide. */
@Controller('v1/proposals')
@UseGuards(BearerGuard)
@Roles('author', 'approver')
export class ProposalsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  async list(
    @Query(asked(ProposalsAsked)) { state }: ProposalsAsked,
  ): Promise<{ proposals: ProposalLine[] }> {
    return { proposals: await this.queries.execute(new ListProposals(state)) };
  }

  @Post(':itemId/confirm')
  @HttpCode(200)
  confirm(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @Param('itemId', asked(ItemId)) itemId: ItemId,
    @Body(asked(ConfirmProposal)) said: ConfirmProposal,
  ): Promise<Decided> {
    return this.decide(itemId, by, key, { verdict: 'confirm', ...said });
  }

  @Post(':itemId/dismiss')
  @HttpCode(200)
  dismiss(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @Param('itemId', asked(ItemId)) itemId: ItemId,
    @Body(asked(DismissProposal)) said: DismissProposal,
  ): Promise<Decided> {
    return this.decide(itemId, by, key, { verdict: 'dismiss', ...said });
  }

  private decide(itemId: ItemId, by: TokenHolder, key: RequestKey, verdict: Verdict): Promise<Decided> {
    return this.commands.execute(new DecideProposal(itemId, by.id, verdict, onceFor(by, key)));
  }
}
