import { Module, type DynamicModule } from '@nestjs/common';
import {
  IncidentCommandModule,
  type IncidentCommandParts,
} from '../../incident-command/src/incident-command.module.js';
import { IncidentLogModule } from '../../incident-log/src/incident-log.module.js';
import { PartnerGatewayModule } from '../../partner-gateway/src/partner-gateway.module.js';

/** All apps in one container: the same modules as in the distributed form, on one database and one stream. */
@Module({})
export class StandaloneModule {
  static register(parts: IncidentCommandParts, channels: readonly DynamicModule[]): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [
        IncidentCommandModule.register(parts),
        IncidentLogModule.register(parts),
        PartnerGatewayModule.register(parts),
        ...channels,
      ],
    };
  }
}
