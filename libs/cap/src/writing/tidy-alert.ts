import { closed } from '../geometry/ring.js';
import { round } from '../geometry/geo-json.js';
import type { Alert, Area, Info } from '../model/alert.js';
import { capDateTime, instantOf } from '../model/instant.js';

/**
 * The alert as we always write our own: times in UTC as `-00:00` and whole seconds, polygons closed and rounded to five decimals
 * (one metre). References are left byte for byte: they name what was written before. For alerts of others use `writeCap` alone.
 */
export function tidyAlert(alert: Alert): Alert {
  return { ...alert, version: '1.2', sent: utc(alert.sent), infos: alert.infos.map(tidyInfo) };
}

function tidyInfo(info: Info): Info {
  const { effective, onset, expires } = info;
  return {
    ...info,
    ...(effective === undefined ? {} : { effective: utc(effective) }),
    ...(onset === undefined ? {} : { onset: utc(onset) }),
    ...(expires === undefined ? {} : { expires: utc(expires) }),
    areas: info.areas.map(tidyArea),
  };
}

function tidyArea(area: Area): Area {
  return {
    ...area,
    polygons: area.polygons.map((ring) =>
      closed(ring.map(([latitude, longitude]) => [round(latitude, 5), round(longitude, 5)])),
    ),
    circles: area.circles.map(({ centre, radiusKm }) => ({
      centre: [round(centre[0], 5), round(centre[1], 5)],
      radiusKm,
    })),
  };
}

function utc(text: string): string {
  const ms = instantOf(text);
  return ms === undefined ? text : capDateTime(ms);
}
