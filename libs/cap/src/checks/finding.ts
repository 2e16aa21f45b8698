/** How bad a finding is: `reject` is not taken in, `error` is taken in, marked and never sent on, `warn` is shown, `note` is for the record. */
export type Level = 'reject' | 'error' | 'warn' | 'note';

/** One thing that is wrong or odd in an alert, in a sentence for the person who must act. */
export type Finding = {
  readonly code: FindingCode;
  readonly level: Level;
  /** Where, as an XPath by local names and positions. */
  readonly path: string;
  readonly message: string;
  /** The number of the check and the section that it comes from. */
  readonly check: number;
  readonly section: string;
};

type Rule = {
  readonly check: number;
  readonly level: Level;
  /** The level in lenient mode, where what can still be read safely is taken in and marked. */
  readonly lenient?: Level;
  readonly section: string;
};

/** Every rule once: its check, its level and where it comes from. Sections are of CAP 1.2 unless another paper is named. */
export const RULES = {
  namespace: { check: 1, level: 'reject', section: '§3.3 and the schema’s targetNamespace' },
  limit: { check: 1, level: 'reject', section: 'safety limits of this library' },
  order: { check: 2, level: 'reject', lenient: 'error', section: 'schema §3.4, xs:sequence' },
  repeated: { check: 2, level: 'reject', lenient: 'error', section: 'schema §3.4, maxOccurs' },
  'unknown-element': { check: 2, level: 'reject', lenient: 'error', section: 'schema §3.4' },
  'unknown-attribute': { check: 2, level: 'reject', lenient: 'error', section: 'schema §3.4' },
  'stray-text': { check: 2, level: 'reject', lenient: 'error', section: 'schema §3.4' },
  missing: { check: 3, level: 'reject', section: '§3.2 and schema §3.4, minOccurs' },
  empty: { check: 3, level: 'error', section: '§3.2' },
  word: { check: 4, level: 'reject', section: '§3.2, enumerations' },
  'date-time': { check: 5, level: 'reject', lenient: 'error', section: '§3.3.2' },
  type: { check: 5, level: 'reject', lenient: 'error', section: 'schema §3.4, types' },
  'identity-characters': { check: 6, level: 'error', section: '§3.2.1 identifier, sender' },
  'references-missing': { check: 7, level: 'error', section: '§3.2.1 msgType, references' },
  'references-broken': { check: 7, level: 'error', section: '§3.2.1 references' },
  'references-untimed': { check: 7, level: 'error', section: '§3.2.1 references' },
  'references-packed': { check: 7, level: 'warn', section: '§3.2.1 references' },
  'references-doubled': { check: 7, level: 'note', section: '§3.2.1 references' },
  'references-alert': { check: 7, level: 'note', section: '§3.2.1 msgType' },
  'references-itself': { check: 8, level: 'error', section: '§3.2.1 references' },
  'references-later': { check: 8, level: 'warn', section: '§3.2.1 references, sent' },
  'identifier-reused': { check: 8, level: 'warn', section: '§3.2.1 identifier' },
  'cancel-keeps-urgency': { check: 8, level: 'note', section: '§3.2.1 msgType, §3.2.2 urgency' },
  'msgtype-withdraws': { check: 8, level: 'warn', section: '§3.2.1 msgType, §3.2.2 urgency' },
  restriction: { check: 9, level: 'error', section: '§3.2.1 scope, restriction' },
  addresses: { check: 9, level: 'error', section: '§3.2.1 scope, addresses' },
  'polygon-unreadable': { check: 10, level: 'error', section: '§3.2.4 polygon' },
  'polygon-form': { check: 10, level: 'warn', section: '§3.2.4 polygon' },
  'polygon-few-points': { check: 10, level: 'error', section: '§3.2.4 polygon' },
  'polygon-open': { check: 10, level: 'error', section: '§3.2.4 polygon' },
  'polygon-crosses-itself': { check: 10, level: 'error', section: '§3.2.4 polygon' },
  'polygon-touches-itself': { check: 10, level: 'warn', section: '§3.2.4 polygon' },
  'polygon-flat': { check: 10, level: 'error', section: '§3.2.4 polygon' },
  'polygon-antimeridian': { check: 10, level: 'note', section: 'RFC 7946 §3.1.9' },
  'circle-unreadable': { check: 10, level: 'error', section: '§3.2.4 circle' },
  'circle-radius': { check: 10, level: 'warn', section: '§3.2.4 circle' },
  'out-of-range': { check: 10, level: 'error', section: '§3.3.3 WGS 84' },
  'no-geometry': { check: 10, level: 'warn', section: '§3.2.4' },
  ceiling: { check: 11, level: 'error', section: '§3.2.4 ceiling' },
  'language-missing': { check: 12, level: 'warn', section: '§3.2.2 language' },
  'language-odd': { check: 12, level: 'warn', section: '§3.2.2 language, RFC 3066' },
  'language-sequence': { check: 13, level: 'note', section: '§3.2.2 info' },
  'language-contradicts': { check: 13, level: 'warn', section: '§3.2.2 info' },
  untranslated: { check: 14, level: 'warn', section: 'practice' },
  markup: { check: 15, level: 'warn', section: 'practice' },
  'web-relative': { check: 16, level: 'error', section: '§3.2.2 web' },
  'uri-relative': { check: 16, level: 'error', section: '§3.2.3 uri' },
  'attachment-broken': { check: 16, level: 'error', section: '§3.2.3 derefUri' },
  'mime-type': { check: 16, level: 'error', section: '§3.2.3 mimeType' },
  'size-wrong': { check: 16, level: 'error', section: '§3.2.3 size' },
  'digest-wrong': { check: 16, level: 'error', section: '§3.2.3 digest' },
  incidents: { check: 17, level: 'warn', section: '§3.2.1 incidents' },
  'code-empty': { check: 17, level: 'note', section: '§3.2.1 code' },
  'test-text': { check: 17, level: 'warn', section: '§3.2.1 status' },
  'signature-place': { check: 18, level: 'error', section: '§3.3.4.1 and schema §3.4' },
  'signature-unverified': { check: 18, level: 'warn', section: '§3.3.4.1' },
  'signature-weak': { check: 18, level: 'warn', section: '§3.3.4.1' },
  'signature-invalid': { check: 18, level: 'error', section: '§3.3.4.1' },
  'older-version': { check: 19, level: 'note', section: 'CAP 1.0, CAP 1.1' },
  'unknown-msgtype': { check: 4, level: 'reject', section: '§3.2.1 msgType' },
  'expires-missing': { check: 0, level: 'warn', section: '§3.2.2 expires' },
  'expires-early': { check: 0, level: 'warn', section: '§3.2.2 expires, effective, onset' },
  profile: { check: 0, level: 'warn', section: 'profile' },
} as const satisfies Record<string, Rule>;

/** The name of a rule. */
export type FindingCode = keyof typeof RULES;

/** A path with its position, when there are several of that name. */
export const nth = (path: string, index: number, of: number): string =>
  of > 1 ? `${path}[${index + 1}]` : path;

/** A text, or how to make it once it is known that it will be shown. */
type Text = string | (() => string);
const made = (text: Text): string => (typeof text === 'string' ? text : text());

/**
 * Collects findings of one alert. Beyond `most` it only counts, so that a hostile alert cannot make a longer answer than itself;
 * but the first reject is always among them, since whoever takes alerts in goes by it.
 */
export class Findings {
  private readonly found: Finding[] = [];
  private dropped = 0;
  private rejected = false;

  constructor(
    private readonly lenient: boolean,
    private readonly most = 1_000,
  ) {}

  add(code: FindingCode, path: Text, message: Text, level?: Level): void {
    const rule: Rule = RULES[code];
    const own = level ?? (this.lenient ? (rule.lenient ?? rule.level) : rule.level);
    if (this.found.length >= this.most) {
      this.dropped += 1;
      if (own !== 'reject' || this.rejected) return;
      this.found.pop();
    }
    this.rejected ||= own === 'reject';
    this.found.push({
      code,
      level: own,
      path: made(path),
      message: made(message),
      check: rule.check,
      section: rule.section,
    });
  }

  /** How many there are, dropped ones included. */
  get count(): number {
    return this.found.length + this.dropped;
  }

  all(): readonly Finding[] {
    if (this.dropped === 0) return this.found;
    const message = `${this.dropped} more findings are left out.`;
    const { check, section } = RULES.limit;
    return [...this.found, { code: 'limit', level: 'warn', path: '/alert', message, check, section }];
  }
}
