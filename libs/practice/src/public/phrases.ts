/** What people write under a warning. Kinds as in the inbox's triage: a life at risk must be found among the thanks. */
export const REPLIES: readonly { kind: string; text: string; weight: number }[] = [
  { kind: 'thanks', weight: 20, text: 'Thank you, sharing this with the whole street.' },
  { kind: 'thanks', weight: 12, text: 'Diolch am y rhybudd. Cadwch yn ddiogel pawb.' },
  { kind: 'query', weight: 16, text: 'Does this include the houses behind the old railway line?' },
  { kind: 'query', weight: 12, text: 'Is the road to the hospital still open?' },
  { kind: 'query', weight: 8, text: 'Will the school open tomorrow?' },
  { kind: 'intelligence', weight: 10, text: 'Water is over the kerb by the chapel and rising quickly.' },
  { kind: 'intelligence', weight: 6, text: 'The footbridge has gone. Nobody on it when it went.' },
  {
    kind: 'life-at-risk',
    weight: 3,
    text: 'My mother is upstairs at number 14, she cannot walk and the water is in the hall.',
  },
  { kind: 'life-at-risk', weight: 2, text: 'There is a car in the ford with people in it!!' },
  { kind: 'rumour', weight: 4, text: 'I heard the dam has burst, is that true?' },
  { kind: 'complaint', weight: 5, text: 'Why are we only told now? The river has been high since noon.' },
  { kind: 'abuse', weight: 2, text: 'Useless lot, as always.' },
];

/** What people text back that is not a keyword. */
export const TEXT_ANSWERS: readonly string[] = [
  'Thanks. We are leaving now.',
  'Is this real?',
  'water coming in the back door, 2 children here',
  'Stop texting me',
  'Diolch, wedi gadael yn barod',
  'Which bridge?',
];

/** Given names of the practice public: invented people, none of them a subscriber of anybody. */
export const GIVEN_NAMES: readonly string[] =
  'Alys Bethan Callum Dafydd Eleri Farah Gareth Harriet Idris Jasmine Kamal Lowri Megan Niamh Owain Priya Rhys Siân Tomos Una Wanda Yusuf'.split(
    ' ',
  );

/** Family names of the practice public. */
export const FAMILY_NAMES: readonly string[] =
  'Abbott Bowen Carter Davies Evans Fletcher Griffiths Hughes Iqbal Jones Kaur Lloyd Morgan Nowak Owen Price Rees Shah Thomas Williams'.split(
    ' ',
  );
