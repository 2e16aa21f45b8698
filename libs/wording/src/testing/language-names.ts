/** Names that are no language, and that a careless table would know all the same. */
export const NO_LANGUAGES = [
  'toString',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  'valueOf',
  '',
  '-',
  'x',
  'fr-FR',
] as const;
