import type { Area, DraftContent, WarningContent } from '../index.js';
import { toInstant } from '../index.js';

/** A square around Wainfleet All Saints, about 4 km wide. */
export const wainfleet: Area = {
  geometry: {
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [0.21, 53.09],
          [0.27, 53.09],
          [0.27, 53.13],
          [0.21, 53.13],
          [0.21, 53.09],
        ],
      ],
    ],
  },
  description: {
    'en-GB': 'River Steeping in Wainfleet All Saints',
    'cy-GB': 'Afon Steeping yn Wainfleet All Saints',
  },
  geocodes: [{ name: 'TargetAreaCode', value: '053FWFSTEEP4' }],
};

/** A whole first warning in English, on all three channels. Hand in what a test wants to be different. */
export function floodWarning(changed: Partial<WarningContent> = {}): WarningContent {
  return {
    kind: 'warning',
    message: 'first',
    event: 'Severe flood warning',
    category: 'Met',
    urgency: 'Immediate',
    severity: 'Severe',
    certainty: 'Likely',
    responseTypes: ['Evacuate'],
    texts: {
      'en-GB': {
        source: 'Lincolnshire Police and the Environment Agency',
        hazard: 'Severe flooding is expected and there is danger to life.',
        impact: 'Water may reach homes near the river within hours.',
        place: 'Wainfleet All Saints, along the River Steeping',
        guidance:
          'If you are in the area, leave now and go to Skegness Academy. Call 999 if you are in danger.',
      },
    },
    link: 'https://check-for-flooding.service.gov.uk/',
    contact: 'Floodline 0345 988 1188',
    area: wainfleet,
    channels: ['social', 'email', 'sms'],
    expiresAt: toInstant('2026-11-21T18:00:00Z'),
    nextUpdateAt: toInstant('2026-11-21T12:00:00Z'),
    ...changed,
  };
}

/** The same while it is being written: without the named fields. */
export function floodDraft(...missing: (keyof WarningContent)[]): DraftContent {
  const draft: DraftContent = { ...floodWarning() };
  for (const field of missing) delete draft[field];
  return draft;
}
