import { Injectable } from '@nestjs/common';
import { IncidentDesk } from './incidents/incident-desk.js';
import { WarningDesk } from './warnings/warning-desk.js';
import { World } from './world.js';

/** Incidents and warnings together, for commands that concern both. */
@Injectable()
export class Desks {
  constructor(
    readonly incidents: IncidentDesk,
    readonly warnings: WarningDesk,
    readonly world: World,
  ) {}
}
