import type { Alert, Info } from '../model/alert.js';
import { instantOf } from '../model/instant.js';
import { textOf, type XmlElement } from '../xml/tree.js';
import { type AreaScene, checkAreas } from './check-areas.js';
import { checkResources } from './check-resources.js';
import type { Findings } from './finding.js';
import { named, nth } from './paths.js';

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
export function checkInfos(alert: Alert, element: XmlElement, findings: Findings): void {
  const elements = named(element, 'info');
  const areas: AreaScene = { findings, known: new Map() };
  alert.infos.forEach((info, index) => {
    const own = elements[index];
    const path = nth('/alert/info', index, alert.infos.length);
    if (own === undefined) return;
    checkLanguage(info, own, path, findings);
    checkTimes(alert, info, path, findings);
    checkTexts(alert, info, path, findings);
    checkResources(info, path, findings);
    checkAreas(info, own, path, areas);
  });
  checkLanguages(alert, findings);
}

function checkLanguage(info: Info, element: XmlElement, path: string, findings: Findings): void {
  const [language] = named(element, 'language');
  if (language === undefined || textOf(language).trim() === '') {
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
  for (const [name, text] of [
    ['sent', alert.sent],
    ['effective', info.effective],
    ['onset', info.onset],
  ] as const) {
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
      const sameArea = JSON.stringify(earlier.info.areas) === JSON.stringify(info.areas);
      if (
        sameArea &&
        (['urgency', 'severity', 'certainty'] as const).some((name) => earlier.info[name] !== info[name])
      ) {
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
