import type { Alert } from '../model/alert.js';
import type { Written } from '../model/written.js';
import { instantOf } from '../model/instant.js';
import { msgTypeOf } from '../reading/read-alert.js';
import { quotesAreBalanced } from '../references/quoted-list.js';
import { checkInfos } from './check-infos.js';
import type { Findings } from './finding.js';

/** Checks 6 to 19 over one alert; 1 to 5 are the schema's, found before. Finds everything, not the first. */
export function checkAlert(alert: Alert, written: Written, findings: Findings): void {
  identity(alert, findings);
  messageType(alert, findings);
  references(alert, written, findings);
  audience(alert, findings);
  incidentsAndCodes(alert, written, findings);
  signaturePlace(written, findings);
  if (alert.version !== '1.2') {
    findings.add(
      'older-version',
      '/alert',
      `The alert is CAP ${alert.version}; it is read in the words of 1.2.`,
    );
  }
  checkInfos(alert, written, findings);
}

function identity(alert: Alert, findings: Findings): void {
  for (const name of ['identifier', 'sender'] as const) {
    const text = alert[name];
    if (text === '')
      findings.add('empty', `/alert/${name}`, `The ${name} is empty, so nothing can refer to this alert.`);
    else if (/[\s,<&]/.test(text)) {
      findings.add(
        'identity-characters',
        `/alert/${name}`,
        `The ${name} holds white space, a comma, "<" or "&", so references to it break.`,
      );
    }
  }
}

function messageType(alert: Alert, findings: Findings): void {
  const msgType = msgTypeOf(alert);
  if (msgType === undefined && alert.msgType !== '') {
    findings.add(
      'unknown-msgtype',
      '/alert/msgType',
      `"${alert.msgType.slice(0, 40)}" is no message type; it is never treated as an alert.`,
    );
  }
  const urgencies = new Set(alert.infos.map((info) => info.urgency));
  const over = alert.infos.some((info) => /cancel|all.?clear|withdrawn/i.test(info.event));
  if (
    msgType === 'Update' &&
    alert.infos.length > 0 &&
    (over || (urgencies.size === 1 && urgencies.has('Past')))
  ) {
    findings.add(
      'msgtype-withdraws',
      '/alert/msgType',
      'The message is an Update, and its words withdraw the warning: read it before acting.',
    );
  }
  if (msgType === 'Cancel' && urgencies.has('Immediate')) {
    findings.add(
      'cancel-keeps-urgency',
      '/alert/info/urgency',
      'A Cancel that still says urgency Immediate: it is a Cancel all the same.',
    );
  }
}

function references(alert: Alert, written: Written, findings: Findings): void {
  const path = '/alert/references';
  const found = written.references;
  const msgType = msgTypeOf(alert);
  if (found?.packed === true)
    findings.add(
      'references-packed',
      path,
      'Several identifiers stand in one reference; each is taken with its sender and time.',
    );
  if (found?.doubled === true) findings.add('references-doubled', path, 'The same message is named twice.');
  for (const { sent, identifier } of found?.untimed ?? []) {
    findings.add(
      'references-untimed',
      path,
      `"${sent.slice(0, 40)}" is no time: ${identifier.slice(0, 60)} is found by its sender and identifier alone.`,
    );
  }
  for (const broken of alert.brokenReferences) {
    findings.add('references-broken', path, `"${broken.slice(0, 60)}" is not sender,identifier,sent.`);
  }
  const none = alert.references.length === 0 && alert.brokenReferences.length === 0;
  if (none && (found !== undefined || (msgType !== undefined && msgType !== 'Alert'))) {
    findings.add(
      'references-missing',
      found === undefined ? '/alert' : path,
      `A message of type ${alert.msgType} names no earlier message.`,
    );
  }
  if (msgType === 'Alert' && alert.references.length > 0) {
    findings.add(
      'references-alert',
      path,
      'A first Alert names earlier messages: it may be an Update in disguise.',
    );
  }
  const sent = instantOf(alert.sent);
  for (const reference of alert.references) {
    const theirs = instantOf(reference.sent);
    if (reference.sender === alert.sender && reference.identifier === alert.identifier) {
      if (theirs === sent) findings.add('references-itself', path, 'The alert refers to itself.');
      else
        findings.add(
          'identifier-reused',
          path,
          'An earlier message has the same identifier; identifiers must never be used again.',
        );
    }
    if (theirs !== undefined && sent !== undefined && theirs > sent) {
      findings.add(
        'references-later',
        path,
        `${reference.identifier} was sent later than this message, which refers to it.`,
      );
    }
  }
}

function audience(alert: Alert, findings: Findings): void {
  if (alert.scope === 'Restricted' && (alert.restriction ?? '') === '') {
    findings.add('restriction', '/alert/scope', 'The scope is Restricted and no restriction says to whom.');
  }
  if (alert.scope !== 'Restricted' && alert.restriction !== undefined) {
    findings.add(
      'restriction',
      '/alert/restriction',
      `A restriction stands beside the scope ${alert.scope}.`,
    );
  }
  if (alert.scope === 'Private' && alert.addresses.length === 0) {
    findings.add('addresses', '/alert/scope', 'The scope is Private and no addresses say for whom.');
  }
}

function incidentsAndCodes(alert: Alert, { incidents }: Written, findings: Findings): void {
  if (incidents !== undefined && !quotesAreBalanced(incidents)) {
    findings.add(
      'incidents',
      '/alert/incidents',
      'A double quote in incidents has no partner, so the names cannot be told apart.',
    );
  }
  if (alert.codes.includes('')) findings.add('code-empty', '/alert/code', 'A code is empty.');
}

/** XML signatures stand last. libxml2 lets an info stand behind them, so the schema's verdict alone would not say it. */
function signaturePlace({ signatureEarly }: Written, findings: Findings): void {
  if (!signatureEarly) return;
  findings.add(
    'signature-place',
    '/alert/Signature',
    'A signature stands before other content; it must be the last child of the alert.',
  );
}
