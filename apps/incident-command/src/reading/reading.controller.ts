import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { WarningId } from '#contracts';
import { BearerGuard, Caller, type TokenHolder } from '#runtime';
import { KnownAccounts, type ReportedAccount } from '../channels/known-accounts.js';
import { asked } from '../requests/asked.js';
import { WarningsAsked } from '../warnings/warning-requests.js';
import { accountForPartners, eyesOf } from './for-partners.js';
import { ListWarnings, type WarningLine } from './list-warnings.handler.js';
import { ShowWarning, type WarningShown } from './show-warning.handler.js';

/** What everyone with a token may read here: warnings with their texts and hashes, and the accounts. */
@Controller('v1')
@UseGuards(BearerGuard)
export class ReadingController {
  constructor(
    private readonly queries: QueryBus,
    private readonly known: KnownAccounts,
  ) {}

  @Get('warnings')
  async list(
    @Caller() by: TokenHolder,
    @Query(asked(WarningsAsked)) query: WarningsAsked,
  ): Promise<{ warnings: WarningLine[] }> {
    return { warnings: await this.queries.execute(new ListWarnings(query, eyesOf(by))) };
  }

  @Get('warnings/:warningId')
  show(
    @Caller() by: TokenHolder,
    @Param('warningId', asked(WarningId)) warningId: WarningId,
  ): Promise<WarningShown> {
    return this.queries.execute(new ShowWarning(warningId, eyesOf(by)));
  }

  @Get('accounts')
  async accounts(@Caller() by: TokenHolder): Promise<{ accounts: ReportedAccount[] }> {
    const accounts = await this.known.all();
    return { accounts: eyesOf(by) === 'own' ? accounts : accounts.map(accountForPartners) };
  }
}
