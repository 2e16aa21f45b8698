import { findLinks } from '../links/find-links.js';
import { X_LINKS } from '../links/link-rules.js';
import { eachMatch, inPassage, speech } from './finding.js';
import type { Finding, PassageRule } from './finding.js';

/** Hosts of UK responders, subdomains included; an agency adds its own. */
export const ALLOWED_HOSTS: readonly string[] = [
  'gov.uk', 'police.uk', 'nhs.uk', 'gov.wales', 'llyw.cymru', 'gov.scot', 'nidirect.gov.uk', 'naturalresources.wales',
  'cyfoethnaturiol.cymru', 'sepa.org.uk', 'nhs.wales', 'gig.cymru', 'nhs.scot', 'parliament.uk',
]; // prettier-ignore

/** Numbers that a UK warning may give, digits only: emergency, non-emergency, Relay UK, 105 power cuts, Floodline, Samaritans, Missing People, Crimestoppers, anti-terrorist hotline, Dŵr Cymru. */
export const PHONES: readonly string[] = [
  '999', '112', '101', '111', '105', '119', '18000', '18001101', '03459881188', '116123', '116000', '0800555111',
  '0800789321', '08000520130', '0800111999', '03000653000',
]; // prettier-ignore

const SHORTENERS = new Set(
  'bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly tiny.cc shorturl.at t.ly lnkd.in fb.me dlvr.it trib.al rb.gy shorter.me v.gd soo.gd s.id bl.ink'.split(
    ' ',
  ),
);
/** Endings that are also the beginning of a sentence, when the space after a full stop was forgotten. */
const SENTENCE_WORDS = new Set(
  'no it in is to do so me at be by as am us my an here all call now the for help'.split(' '),
);

const hostOf = (link: string) => (/^(?:[a-z]+:\/\/)?([^/:?#]+)/i.exec(link)?.[1] ?? '').toLowerCase();
const allows = (hosts: readonly string[], host: string) =>
  hosts.some((allowed) => host === allowed || host.endsWith(`.${allowed}`));

/** Links against the allow-list, shorteners, look-alikes, and links that a forgotten space makes. */
export const links: PassageRule = (passage) => {
  const { text, options } = passage;
  const hosts = options.allowedHosts ?? ALLOWED_HOSTS;
  return findLinks(text, X_LINKS).flatMap(({ start, end, bare }): Finding[] => {
    const link = text.slice(start, end);
    const host = hostOf(link);
    const range = { start, end };
    if (/[^\x20-\x7e]/.test(host) || host.includes('xn--')) {
      return [
        inPassage(
          passage,
          'link-look-alike',
          range,
          `${link} has letters that only look like ours: do not link there.`,
        ),
      ];
    }
    if (SHORTENERS.has(host)) {
      return [
        inPassage(
          passage,
          'link-shortened',
          range,
          `${link} hides where it leads: write the address itself.`,
        ),
      ];
    }
    if (allows(hosts, host)) return [];
    const [before = '', after = '', ...more] = host.split('.');
    const original = link.slice(before.length + 1, before.length + 2);
    const forgotten = SENTENCE_WORDS.has(after) || original !== original.toLowerCase();
    if (bare && more.length === 0 && forgotten && !link.includes('/')) {
      const message = `${link} becomes a link to a stranger: put a space after the full stop.`;
      return [inPassage(passage, 'accidental-link', range, message, link.replace('.', '. '))];
    }
    return [
      inPassage(
        passage,
        'link-not-allowed',
        range,
        `${host} is not among the addresses that we may send people to.`,
      ),
    ];
  });
};

const PHONE = /(?<![\p{L}\p{N}.,:/-])(?:\+44[ ()\d-]{6,16}|0[\d ()-]{5,15})\d(?![\p{L}\d])/gu;
const SHORT_NUMBER =
  /(?<=\b(?:call|ring|phone|dial|text|on|ffoniwch|ffonio|galwch|i)\s)(?:\d{3}|1\d{4,5})(?!\s?\d)\b(?!\s*(?:%|people|homes|metres|m\b|am\b|pm\b|o))/giu;

/** Telephone numbers against the form of UK numbers and the table of those that the public may be given. */
export const phones: PassageRule = (passage) => {
  const known = new Set(passage.options.phones ?? PHONES);
  const long = Array.from(passage.text.matchAll(PHONE), (match) => ({ match, short: false }));
  const short = Array.from(passage.text.matchAll(SHORT_NUMBER), (match) => ({ match, short: true }));
  return [...long, ...short].flatMap(({ match: { 0: written, index }, short: isShort }): Finding[] => {
    const digits = written.replace(/\D/g, '').replace(/^44(?:0?)/, '0');
    if (known.has(digits)) return [];
    const range = { start: index, end: index + written.length };
    const wellFormed = isShort || /^0(?:[1238]\d{8,9}|7\d{9}|500\d{6})$/.test(digits);
    if (!wellFormed)
      return [inPassage(passage, 'phone-malformed', range, `${written} is not a UK telephone number.`)];
    return [
      inPassage(
        passage,
        'phone-unknown',
        range,
        `${written} is not among the numbers that we know: check it digit by digit.`,
      ),
    ];
  });
};

/** Characters that nobody sees and that change what is read. */
export const characters: PassageRule = (passage) => [
  ...eachMatch(
    passage,
    /[\u202a-\u202e\u2066-\u2069]/g,
    'bidirectional-control',
    () => 'A hidden mark turns the reading direction: take it out.',
    () => '',
  ),
  ...eachMatch(
    passage,
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g,
    'control-character',
    () => 'A control character cannot be sent: take it out.',
    () => '',
  ),
  ...eachMatch(
    passage,
    /(?=[\p{L}]*\p{Script=Latin})(?<![\p{L}])(?:\p{Script=Latin}+[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]+\p{Script=Latin})[\p{L}]*/gu,
    'mixed-scripts',
    (word) => `${word} mixes alphabets: a letter only looks like ours. Type the word again.`,
  ),
];

const says = (english: RegExp, welsh: RegExp) => (language: string) =>
  speech(language) === 'cy' ? welsh : english;
const TEST = says(
  /\b(?:this is (?:only )?(?:a|an) (?:test|exercise|drill)|test message|exercise exercise|for exercise only)\b/gi,
  /(?:dim ond )?(?:prawf|ymarfer(?:iad)?) (?:yw|ydy) hwn|neges brawf/gi,
);
const TEST_WORD = says(/\b(?:tests?|testing|exercises?|drills?)\b/gi, /\b(?:prawf|ymarfer(?:iad)?)\b/gi);
const NO_DRILL = says(
  /\b(?:this is not a (?:drill|test|exercise)|not a drill)\b/gi,
  /nid (?:prawf|ymarfer(?:iad)?) (?:yw|ydy) hwn/gi,
);

/** Exercise and live are two worlds, in words as well. */
export const worlds: PassageRule = (passage) => {
  const { master, language, field, text } = passage;
  if (master.mode === 'exercise') {
    const mark = speech(language) === 'cy' ? 'YMARFER' : 'EXERCISE';
    const unmarked = field === 'text' && !(text.startsWith(mark) && text.trimEnd().endsWith(mark));
    return [
      ...eachMatch(
        passage,
        NO_DRILL(language),
        'says-it-is-no-drill',
        () => 'An exercise must not say that it is not a drill.',
      ),
      ...(unmarked
        ? [
            inPassage(
              passage,
              'exercise-unmarked',
              { start: 0, end: 0 },
              `An exercise text begins and ends with ${mark}.`,
            ),
          ]
        : []),
    ];
  }
  const whole = eachMatch(
    passage,
    TEST(language),
    'says-it-is-a-test',
    () => 'A live text must not say that it is a test, an exercise or a drill.',
  );
  const words = eachMatch(
    passage,
    TEST_WORD(language),
    'test-word',
    (word) => `"${word}" in a live text: will people think that it is not real?`,
  );
  const denials = Array.from(text.matchAll(NO_DRILL(language)), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
  const covered = [...whole, ...denials];
  return [
    ...whole,
    ...words.filter(({ start, end }) => !covered.some((other) => other.start <= start && end <= other.end)),
  ];
};

/** What the public must not read, and what nobody has filled in. */
export const privacy: PassageRule = (passage) => [
  ...eachMatch(
    passage,
    /\[[^\]\n]{0,60}\]|\{\{?[^}\n]{0,60}\}|<[A-Za-z][^>\n]{0,40}>|\bX{2,8}\b|_{3,}|\b(?:TBC|TBD|TODO|INSERT|lorem ipsum)\b/g,
    'placeholder',
    (slot) => `${slot} still waits to be filled in.`,
  ),
  ...eachMatch(
    passage,
    /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many)(?: \p{L}+)? (?:dead|killed|died|injured|casualt(?:y|ies)|fatalit(?:y|ies)|deaths?)\b/giu,
    'casualties',
    () => 'Numbers of dead and injured are not for public text without a decision.',
  ),
  ...eachMatch(
    passage,
    /\b(?:victim|deceased|dead (?:man|woman|boy|girl))\b[^.\n]{0,40}?\b(?:named|name is|is|as)(?: locally)?(?: as)? \p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/gu,
    'name-of-victim',
    () => 'A victim is not named before the family agrees.',
  ),
  ...eachMatch(
    passage,
    /\b(?:access routes?|approach (?:via|from|route)|rendezvous point|RVP|officers (?:are )?(?:hiding|positioned|waiting)|cordon (?:is )?(?:at|on))\b/gi,
    'access-route',
    () => 'Access routes and positions of officers are not for public text.',
  ),
];
