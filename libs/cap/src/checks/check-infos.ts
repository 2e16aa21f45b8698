import type { Alert, Info } from '../model/alert.js';
import { instantOf } from '../model/instant.js';
import type { Written } from '../model/written.js';
import { AreaChecks } from './check-areas.js';
import { checkResources } from './check-resources.js';
import { type Findings, nth } from './finding.js';

const TEXTS = [
  'event',
  'headline',
  'description',
  'instruction',
  'senderName',
  'audience',
  'contact',
] as const;
const markup = /<\/?[a-z][^<>]{0,200}>|&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});/i;
const saysTest =
  /this is (?:only )?a test\b|test (?:message|alert) only\b|exercise exercise\b|probewarnung|probealarm/i;

/** Checks 10 to 16 over every info block. */
export function checkInfos(alert: Alert, written: Written, findings: Findings): void {
  const areas = new AreaChecks(findings);
  alert.infos.forEach((info, index) => {
    const own = written.infos[index];
    const path = nth('/alert/info', index, alert.infos.length);
    checkLanguage(info, own?.hasLanguage === true, path, findings);
    checkTimes(alert, info, path, findings);
    checkTexts(alert, info, path, findings);
    checkResources(info, path, findings);
    areas.of(info, own?.areas ?? [], path);
  });
  checkLanguages(alert, findings);
}

function checkLanguage(info: Info, given: boolean, path: string, findings: Findings): void {
  if (!given) {
    findings.add(
      'language-missing',
      path,
      'No language is given, which means en-US whatever the text is written in.',
    );
  } else if (!/^(?:[a-z]{2,3}|[ix](?=-))(?:-|$)/i.test(info.language)) {
    findings.add(
      'language-odd',
      `${path}/language`,
      `"${info.language.slice(0, 40)}" does not begin with a language of two or three letters.`,
    );
  }
}

function checkTimes(alert: Alert, info: Info, path: string, findings: Findings): void {
  if (info.expires === undefined) {
    if (alert.msgType === 'Alert' || alert.msgType === 'Update') {
      findings.add('expires-missing', path, 'Nothing says when this ends.');
    }
    return;
  }
  const expires = instantOf(info.expires);
  if (expires === undefined) return;
  for (const name of ['sent', 'effective', 'onset'] as const) {
    const text = name === 'sent' ? alert.sent : info[name];
    const begins = text === undefined ? undefined : instantOf(text);
    if (begins !== undefined && expires < begins) {
      findings.add('expires-early', `${path}/expires`, `It expires before ${name}.`);
    }
  }
}

function checkTexts(alert: Alert, info: Info, path: string, findings: Findings): void {
  if (info.event === '') findings.add('empty', `${path}/event`, 'The event has no name.');
  for (const name of TEXTS) {
    const text = info[name];
    if (text === undefined || text === '') continue;
    const found = text.includes('<') || text.includes('&') ? markup.exec(text) : null;
    if (found !== null) {
      findings.add(
        'markup',
        `${path}/${name}`,
        `The text holds markup, "${found[0].slice(0, 40)}", which people will see as it stands.`,
      );
    }
    if (alert.status === 'Actual' && saysTest.test(text)) {
      findings.add(
        'test-text',
        `${path}/${name}`,
        'The status is Actual, and the text says that it is a test.',
      );
    }
  }
  if (info.web !== undefined && info.web !== '' && !/^[a-z][a-z0-9+.-]*:\S/i.test(info.web)) {
    findings.add('web-relative', `${path}/web`, `"${info.web.slice(0, 60)}" is not a full address.`);
  }
}

/** Blocks of one language are one sequence (§3.2.2 info); the same words under two languages were never translated. */
function checkLanguages(alert: Alert, findings: Findings): void {
  const total = alert.infos.length;
  if (total < 2) return;
  const firstOf = new Map<string, { info: Info; index: number }>();
  const byText = new Map<string, string>();
  alert.infos.forEach((info, index) => {
    const path = nth('/alert/info', index, total);
    const language = info.language.toLowerCase();
    const earlier = firstOf.get(`${language} ${info.event}`);
    if (earlier === undefined) firstOf.set(`${language} ${info.event}`, { info, index });
    else {
      findings.add(
        'language-sequence',
        path,
        `A further block in ${info.language}: it adds to the earlier one and overrides nothing.`,
      );
      const differs = (['urgency', 'severity', 'certainty'] as const).some(
        (name) => earlier.info[name] !== info[name],
      );
      if (differs && JSON.stringify(earlier.info.areas) === JSON.stringify(info.areas)) {
        findings.add(
          'language-contradicts',
          path,
          'It says something else than the earlier block about the same event and area; the earlier one stands.',
        );
      }
    }
    const text = [info.headline, info.description, info.instruction].filter(Boolean).join('\n');
    const before = byText.get(text);
    if (text.length < 20) return;
    if (before === undefined) byText.set(text, language);
    else if (before.split('-')[0] !== language.split('-')[0]) {
      findings.add(
        'untranslated',
        path,
        `The text under ${info.language} is the same as under ${before}: one of them was not translated.`,
      );
    }
  });
}
