import type { ComposeRequest } from '../composing/elements.js';

/** A dam at risk, as an author would write it: every element, a headline, two sentences of guidance. */
export const damAtRisk: ComposeRequest = {
  platform: 'mastodon',
  language: 'en-GB',
  mode: 'live',
  message: 'first',
  variant: 'first',
  version: 1,
  text: {
    source: 'Derbyshire Constabulary',
    hazard: 'The dam at Toddbrook Reservoir is damaged and may fail. Part of the spillway has collapsed',
    impact: 'Water could reach the town within minutes. Homes would be destroyed.',
    place: 'Whaley Bridge, New Horwich and Furness Vale',
    guidance: 'Leave now. Go to Chapel-en-le-Frith High School.\nDo not go back for belongings.',
    headline: 'Dam at Toddbrook may fail',
  },
  link: 'https://www.gov.uk/flood-warnings/whaley-bridge',
  contact: 'Floodline 0345 988 1188',
  expiresAt: '2026-11-22T18:00:00.000Z',
  nextUpdateAt: '2026-11-22T16:30:00.000Z',
};

/** The same request with other fields, and other words in its text. */
export function damWith(
  fields: Partial<ComposeRequest>,
  words: Partial<ComposeRequest['text']> = {},
): ComposeRequest {
  return { ...damAtRisk, ...fields, text: { ...damAtRisk.text, ...words } };
}
