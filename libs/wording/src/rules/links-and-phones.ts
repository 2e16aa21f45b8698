import { findLinks } from '../links/find-links.js';
import { X_LINKS } from '../links/link-rules.js';
import { inOurLetters } from '../links/look-alikes.js';
import { firstOf, inPassage } from '../lint/finding.js';
import type { PassageRule, RuleId } from '../lint/finding.js';

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
  const { text } = passage;
  const hosts = passage.options.allowedHosts ?? ALLOWED_HOSTS;
  const wrong = firstOf(findLinks(text, X_LINKS), ({ start, end }) =>
    isWrong(hostOf(text.slice(start, end)), hosts),
  );
  return wrong.map(({ start, end, bare }) => {
    const link = text.slice(start, end);
    const { rule, message, mend } = judge(link, bare);
    return inPassage(passage, rule, { start, end }, message, mend);
  });
};

const looksForeign = (host: string) => /[^\x20-\x7e]/.test(host) || host.includes('xn--');
const isWrong = (host: string, hosts: readonly string[]) =>
  looksForeign(host) || SHORTENERS.has(host) || !allows(hosts, host);

/** What to say of a link that people must not be sent to as it stands. */
function judge(link: string, bare: boolean): { rule: RuleId; message: string; mend?: string | undefined } {
  const host = hostOf(link);
  if (looksForeign(host)) {
    const ours = inOurLetters(link);
    const message = `${link} has letters that only look like ours: do not link there.`;
    return { rule: 'link-look-alike', message, mend: ours === link ? undefined : ours };
  }
  if (SHORTENERS.has(host)) {
    return { rule: 'link-shortened', message: `${link} hides where it leads: write the address itself.` };
  }
  const [before = '', after = '', ...more] = host.split('.');
  const original = link.slice(before.length + 1, before.length + 2);
  const forgotten = SENTENCE_WORDS.has(after) || original !== original.toLowerCase();
  if (bare && more.length === 0 && forgotten && !link.includes('/')) {
    const message = `${link} becomes a link to a stranger: put a space after the full stop.`;
    return { rule: 'accidental-link', message, mend: link.replace('.', '. ') };
  }
  return {
    rule: 'link-not-allowed',
    message: `${host} is not among the addresses that we may send people to.`,
  };
}

const PHONE = /(?<![\p{L}\p{N}.,:/-])(?:\+44[ ()\d-]{6,16}|0[\d ()-]{5,15})\d(?![\p{L}\d])/gu;
const SHORT_NUMBER =
  /(?<=\b(?:call|ring|phone|dial|text|on|ffoniwch|ffonio|galwch|i)\s)(?:\d{3}|1\d{4,5})(?!\s?\d)\b(?!\s*(?:%|people|homes|metres|m\b|am\b|pm\b|o))/giu;

const digitsOf = (written: string) => written.replace(/\D/g, '').replace(/^44(?:0?)/, '0');
const WELL_FORMED = /^0(?:[1238]\d{8,9}|7\d{9}|500\d{6})$/;

/** Telephone numbers against the form of UK numbers and the table of those that the public may be given. */
export const phones: PassageRule = (passage) => {
  const known = new Set(passage.options.phones ?? PHONES);
  const unknown = (pattern: RegExp) =>
    firstOf(passage.text.matchAll(pattern), ([written]) => !known.has(digitsOf(written)));
  const finding = ({ 0: written, index }: RegExpExecArray, wellFormed: boolean) =>
    inPassage(
      passage,
      wellFormed ? 'phone-unknown' : 'phone-malformed',
      { start: index, end: index + written.length },
      wellFormed
        ? `${written} is not among the numbers that we know: check it digit by digit.`
        : `${written} is not a UK telephone number.`,
    );
  return [
    ...unknown(PHONE).map((match) => finding(match, WELL_FORMED.test(digitsOf(match[0])))),
    ...unknown(SHORT_NUMBER).map((match) => finding(match, true)),
  ];
};
