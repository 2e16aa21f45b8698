import { describe, expect, it } from '@jest/globals';
import { lint } from '../lint/lint.js';
import { found, foundBehindEmoji } from '../testing/findings.js';

describe('two actions that cannot both be done', () => {
  it.each([
    ['Leave now. Stay inside.', ['Stay inside.']],
    ['Stay indoors. Evacuate the street.', ['Stay indoors.']],
    ['Leave your home. Remain indoors with windows shut.', ['Remain indoors with windows shut.']],
    ['Do not leave now. Stay inside.', []],
    ["Don't leave now. Stay inside.", []],
    ['Never leave the area by car. Stay inside.', []],
    ['If you are by the river, leave now. Stay inside.', []],
    ['Leave now. If you cannot, stay inside.', []],
    ['Leave now. Unless you are ill, stay inside.', []],
    ['People in Mill Street: leave now. People elsewhere: stay inside.', []],
    ['Do not drink the water. The water is safe to drink.', ['Do not drink the water.']],
    [
      'You can drink the water. It is not safe to drink at the school.',
      ['It is not safe to drink at the school.'],
    ],
    ['Open windows. Close all doors.', ['Close all doors.']],
    ['Close your windows. Close your doors.', []],
    ['Call 999 if you are hurt. Do not call 999 to ask for news.', ['Do not call 999 to ask for news.']],
    ['Leave now.', []],
    ['', []],
  ])('%s', (text, stretches) => {
    expect(found('opposed-actions', text)).toEqual(stretches);
    expect(foundBehindEmoji('opposed-actions', text)).toEqual(stretches);
  });
});

const guidance = (text: string, place = 'Whaley Bridge, Furness Vale', language = 'en-GB') =>
  lint({
    mode: 'live',
    message: 'first',
    texts: { [language]: { source: 'Police', hazard: 'Flood.', place, guidance: text } },
    expiresAt: '2026-11-22T18:00:00.000Z',
  });
const stretches = (rule: string, text: string, place?: string, language?: string) =>
  guidance(text, place, language)
    .filter((finding) => finding.rule === rule)
    .map(({ start, end }) => text.slice(start, end));

describe('leaving and keeping away are tied to a place', () => {
  it.each([
    ['Leave now. Take warm clothes.', ['Leave now']],
    ['Evacuate.', ['Evacuate']],
    ['Keep away.', ['Keep away']],
    ['🌊 👨‍👩‍👧‍👦 Leave now. Stay away.', ['Leave now', 'Stay away']],
    ['Leave your home. Leave your homes.', ['Leave your home', 'Leave your homes']],
    ['If you are in Mill Street, leave now.', []],
    ['If you live by the river, leave now. Keep away.', []],
    ['Stay away from the river.', []],
    ['Keep away from Mill Street. Leave now.', ['Leave now']],
    ['People in Furness Vale: leave now.', []],
    ['Evacuate the houses between the bridge and the mill.', []],
    ['Boil water before you drink it.', []],
  ])('%s', (text, tied) => expect(stretches('action-without-place', text)).toEqual(tied));

  it.each([
    ['Gadewch nawr.', ['Gadewch nawr']],
    ['Os ydych yn Nhre-fach, gadewch nawr.', []],
    ['Cadwch draw rhag yr afon.', []],
    ['Cadwch draw.', ['Cadwch draw']],
  ])('in Welsh: %s', (text, tied) =>
    expect(stretches('action-without-place', text, 'Tref', 'cy-GB')).toEqual(tied),
  );
});

describe('guidance speaks to the reader', () => {
  it.each([
    ['Residents are advised to leave.', ['are advised to']],
    ['People are being asked to leave.', ['are being asked to']],
    ['Windows should be kept shut.', ['should be kept']],
    ['It is recommended that you leave.', ['It is recommended']],
    ['🌊 The public is urged to stay calm.', ['is urged to']],
    ['Leave now. Keep windows shut.', []],
    ['You should leave.', []],
  ])('%s', (text, passive) => expect(stretches('passive-guidance', text)).toEqual(passive));

  it('is asked of English only', () =>
    expect(stretches('passive-guidance', 'Are advised to', 'Tref', 'cy-GB')).toEqual([]));
});
