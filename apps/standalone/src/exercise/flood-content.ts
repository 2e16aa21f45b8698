import { toInstant, type Area, type WarningContent, type WarningText } from '#contracts';

/** Where the packaged exercise takes place: the middle of Llanrwst, WGS 84 degrees. */
export const LLANRWST = { lat: 53.138, lon: -3.796 };

/** About 3 km by 4 km along the River Conwy. */
const area: Area = {
  geometry: {
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [-3.825, 53.12],
          [-3.775, 53.12],
          [-3.765, 53.14],
          [-3.78, 53.158],
          [-3.82, 53.156],
          [-3.825, 53.12],
        ],
      ],
    ],
  },
  description: { 'en-GB': 'Llanrwst and the River Conwy', 'cy-GB': 'Llanrwst ac Afon Conwy' },
};

type Texts = { 'en-GB': WarningText; 'cy-GB': WarningText };

const english = {
  source: 'North Wales Police and Natural Resources Wales',
  place: 'Llanrwst, along the River Conwy',
};
const welsh = {
  source: 'Heddlu Gogledd Cymru a Chyfoeth Naturiol Cymru',
  place: 'Llanrwst, ar hyd Afon Conwy',
};

const texts: Record<'first' | 'update' | 'all-clear', Texts> = {
  first: {
    'en-GB': {
      ...english,
      hazard: 'Severe flooding is expected. There is danger to life.',
      impact: 'River water may reach homes and cut off roads.',
      guidance:
        'If you are in the area, leave now and go to Ysgol Dyffryn Conwy. Call 999 if you are in danger.',
    },
    'cy-GB': {
      ...welsh,
      hazard: 'Disgwylir llifogydd difrifol. Mae perygl i fywyd.',
      impact: 'Gall dŵr yr afon gyrraedd cartrefi a chau ffyrdd.',
      guidance:
        'Os ydych yn yr ardal, gadewch nawr ac ewch i Ysgol Dyffryn Conwy. Ffoniwch 999 os ydych mewn perygl.',
    },
  },
  update: {
    'en-GB': {
      ...english,
      hazard: 'The River Conwy is still rising. There is danger to life.',
      impact: 'The A470 is closed at Llanrwst.',
      guidance: 'If you are in the area, go to the Glasdir centre now. Do not drive through flood water.',
    },
    'cy-GB': {
      ...welsh,
      hazard: 'Mae Afon Conwy yn dal i godi. Mae perygl i fywyd.',
      impact: 'Mae’r A470 ar gau yn Llanrwst.',
      guidance: 'Os ydych yn yr ardal, ewch i ganolfan Glasdir nawr. Peidiwch â gyrru drwy ddŵr llifogydd.',
    },
  },
  'all-clear': {
    'en-GB': {
      ...english,
      hazard: 'The flood danger is over. You are safe.',
      resolved: 'The river has dropped and the flood defences held.',
      guidance: 'You can go home. Keep out of any flood water that remains.',
    },
    'cy-GB': {
      ...welsh,
      hazard: 'Mae’r perygl o lifogydd ar ben. Rydych yn ddiogel.',
      resolved: 'Mae’r afon wedi gostwng ac mae’r amddiffynfeydd wedi dal.',
      guidance: 'Gallwch fynd adref. Cadwch draw o unrhyw ddŵr llifogydd sydd ar ôl.',
    },
  },
};

const MINUTE_MS = 60_000;

/** What the exercise says at each step, in English and Welsh, on all three channels. `now` is the moment of writing. */
export function floodContent(message: 'first' | 'update' | 'all-clear', now: number): WarningContent {
  const isOver = message === 'all-clear';
  return {
    kind: 'warning',
    message,
    event: isOver ? 'Flood warning no longer in force' : 'Severe Flood Warning',
    category: 'Met',
    urgency: isOver ? 'Past' : 'Immediate',
    severity: isOver ? 'Minor' : 'Severe',
    certainty: isOver ? 'Observed' : 'Likely',
    responseTypes: [isOver ? 'AllClear' : 'Evacuate'],
    texts: texts[message],
    link: 'https://naturalresources.wales/floodwarnings',
    contact: 'Floodline 0345 988 1188',
    area,
    channels: ['social', 'email', 'sms'],
    expiresAt: toInstant(now + 240 * MINUTE_MS),
    ...(isOver ? {} : { nextUpdateAt: toInstant(now + 60 * MINUTE_MS) }),
  };
}
