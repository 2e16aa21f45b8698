/**
 * The words that we add around what the author wrote, per language. Labels instead of grammar ("Area:", not "in"), because
 * a preposition would change the first letter of a Welsh place. Signed off with the code, read by the approver in each text.
 */
export type Phrases = {
  /** First and last word of every text of an exercise. */
  exercise: string;
  update: (version: number) => string;
  correction: string;
  allClear: string;
  appeal: string;
  rumour: string;
  cancelled: string;
  area: string;
  until: (time: string) => string;
  nextUpdate: (time: string) => string;
  contact: string;
  wrong: string;
  withdrawn: string;
  wasToRun: (time: string) => string;
  followNewer: string;
  publicWarning: string;
};

const ENGLISH: Phrases = {
  exercise: 'EXERCISE',
  update: (version) => `UPDATE ${version}`,
  correction: 'CORRECTION',
  allClear: 'ALL CLEAR',
  appeal: 'APPEAL',
  rumour: 'CORRECTING A RUMOUR',
  cancelled: 'CANCELLED',
  area: 'Area:',
  until: (time) => `In force until ${time}.`,
  nextUpdate: (time) => `Next update by ${time}.`,
  contact: 'Contact:',
  wrong: 'Our earlier message was wrong:',
  withdrawn: 'this warning is withdrawn and no longer applies:',
  wasToRun: (time) => `It was to run until ${time}.`,
  followNewer: 'Follow any newer advice.',
  publicWarning: 'Public warning',
};

const WELSH: Phrases = {
  exercise: 'YMARFER',
  update: (version) => `DIWEDDARIAD ${version}`,
  correction: 'CYWIRIAD',
  allClear: 'PERYGL DROSODD',
  appeal: 'APÊL',
  rumour: 'CYWIRO SI',
  cancelled: 'CANSLWYD',
  area: 'Ardal:',
  until: (time) => `Mewn grym tan ${time}.`,
  nextUpdate: (time) => `Diweddariad nesaf erbyn ${time}.`,
  contact: 'Cysylltu:',
  wrong: 'Roedd ein neges flaenorol yn anghywir:',
  withdrawn: "mae'r rhybudd hwn wedi'i dynnu'n ôl ac nid yw mewn grym mwyach:",
  wasToRun: (time) => `Roedd i bara tan ${time}.`,
  followNewer: 'Dilynwch unrhyw gyngor mwy newydd.',
  publicWarning: "Rhybudd i'r cyhoedd",
};

const BY_LANGUAGE: Record<string, Phrases> = { en: ENGLISH, cy: WELSH };

/** The fixed words of a language (`en-GB`, `cy-GB`, `en`, …), or undefined: then nothing is composed in it, never half of it. */
export function phrases(language: string): Phrases | undefined {
  const speech = language.split('-')[0] ?? '';
  return Object.hasOwn(BY_LANGUAGE, speech) ? BY_LANGUAGE[speech] : undefined;
}
