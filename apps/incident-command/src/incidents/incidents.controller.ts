import { Body, Controller, Get, Param, Post, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { IncidentId } from '#contracts';
import { BearerGuard, Caller, Roles, type TokenHolder } from '#runtime';
import { eyesOf } from '../reading/for-partners.js';
import { asked } from '../requests/asked.js';
import { Key, onceFor, type RequestKey } from '../requests/once.js';
import { OpenIncident as OpenIncidentBody } from './incident-requests.js';
import { OpenIncident, type Opened } from './open-incident.handler.js';
import {
  ListIncidents,
  ShowIncident,
  type IncidentLine,
  type IncidentView,
} from './show-incident.handler.js';

/** Incidents: opened by authors, seen by everyone with a token. */
@Controller('v1/incidents')
@UseGuards(BearerGuard)
export class IncidentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Roles('author')
  open(
    @Caller() by: TokenHolder,
    @Key() key: RequestKey,
    @Body(asked(OpenIncidentBody)) incident: OpenIncidentBody,
  ): Promise<Opened> {
    return this.commands.execute(new OpenIncident(by.id, incident, onceFor(by, key)));
  }

  @Get()
  async list(): Promise<{ incidents: IncidentLine[] }> {
    return { incidents: await this.queries.execute(new ListIncidents()) };
  }

  @Get(':incidentId')
  show(
    @Caller() by: TokenHolder,
    @Param('incidentId', asked(IncidentId)) incidentId: IncidentId,
  ): Promise<IncidentView> {
    return this.queries.execute(new ShowIncident(incidentId, eyesOf(by)));
  }
}
