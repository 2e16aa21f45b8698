type Body = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const whole = (value: unknown): number => (typeof value === 'number' ? value : 0);
// Own grouping and no locale data: a replay years later must give the same bytes.
const plural = (n: number, one: string, many = `${one}s`) =>
  `${String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',')} ${n === 1 ? one : many}`;
const reason = (body: Body) => (text(body['reason']) === '' ? '' : `: ${text(body['reason'])}`);
const channelNames: Readonly<Record<string, string>> = {
  social: 'social media',
  email: 'e-mail',
  sms: 'text message',
};
const channel = (body: Body) => channelNames[text(body['channel'])] ?? text(body['channel']);
const record = (value: unknown): Body => (typeof value === 'object' && value !== null ? { ...value } : {});
const what = (body: Body) =>
  body['act'] === 'cancel' ? 'the withdrawal' : `version ${whole(body['version'])}`;
/** Recipients are sent to group by group; a person counts them from one. */
const group = (body: Body) => `group ${whole(body['chunk']) + 1} of the recipients`;
const platforms: Readonly<Record<string, string>> = { mastodon: 'Mastodon', bluesky: 'Bluesky', x: 'X' };
const platform = (body: Body) => platforms[text(body['platform'])] ?? text(body['platform']);
const languages: Readonly<Record<string, string>> = { 'en-GB': 'English', 'cy-GB': 'Welsh' };
const languageName = (body: Body) => languages[text(body['language'])] ?? text(body['language']);
const title = (body: Body) => text(record(body['content'])['event']) || 'no title yet';

/** A time of the same day needs no date to be understood, but a reviewer reads the whole: UTC, to the minute. */
const until = (body: Body) =>
  text(body['until']) === '' ? '' : ` until ${text(body['until']).slice(0, 16).replace('T', ' ')}`;

/** The cautions that the submitter let stand, each with the reason. */
function letStand(body: Body): string {
  const all = Array.isArray(body['acknowledged']) ? body['acknowledged'].map(record) : [];
  return all.length === 0
    ? ''
    : `; let stand: ${all.map((one) => `${text(one['rule'])} (${text(one['reason'])})`).join(', ')}`;
}

function counts(body: Body): string {
  const found = record(body['counts']);
  const parts = ['accepted', 'refused', 'suppressed', 'cancelled', 'expired', 'unknown', 'pending']
    .filter((state) => whole(found[state]) > 0)
    .map((state) => `${whole(found[state])} ${state}`);
  return parts.length === 0 ? 'nobody' : parts.join(', ');
}

function metrics(body: Body): string {
  const said = (one: string, many: string) =>
    typeof body[many] === 'number' ? plural(whole(body[many]), one, many) : `an unknown number of ${many}`;
  return [said('share', 'shares'), said('like', 'likes'), said('reply', 'replies')].join(', ');
}

function gate(body: Body): string {
  if (body['because'] === 'cancel') return `the withdrawal is in force on ${channel(body)}`;
  if (body['because'] === 'expiry') return `version ${whole(body['version'])} has ended on ${channel(body)}`;
  return `version ${whole(body['version'])} is in force on ${channel(body)}`;
}

/** What each type of event says, in the words of the control room. */
const sentences: Readonly<Record<string, (body: Body) => string>> = {
  IncidentOpened: (body) => `incident opened: ${text(body['name'])} (lead: ${text(body['leadAgency'])})`,
  ProposalReceived: (body) => `a partner proposes to ${text(body['proposes'])}: ${text(body['summary'])}`,
  ProposalConfirmed: (body) => `the partner's proposal was confirmed${reason(body)}`,
  ProposalDismissed: (body) => `the partner's proposal was dismissed${reason(body)}`,
  WarningDrafted: (body) => `version ${whole(body['version'])} begun: ${title(body)}`,
  DraftEdited: (body) => `version ${whole(body['version'])} edited`,
  WarningSubmitted: (body) =>
    `version ${whole(body['version'])} submitted for approval: ${title(body)}${letStand(body)}`,
  WarningHeld: (body) => `version ${whole(body['version'])} held${until(body)}${reason(body)}`,
  WarningReturned: (body) => `version ${whole(body['version'])} returned to its author${reason(body)}`,
  WarningRejected: (body) => `version ${whole(body['version'])} rejected${reason(body)}`,
  WarningIssued: (body) => `version ${whole(body['version'])} approved and issued: ${title(body)}`,
  WarningSuperseded: (body) =>
    body['cleared'] === true
      ? `version ${whole(body['version'])} ended: all clear`
      : `version ${whole(body['version'])} replaced by version ${whole(body['byVersion'])}`,
  WarningCancelled: (body) => `the warning was withdrawn${reason(body)}`,
  WarningExpired: (body) => `version ${whole(body['version'])} expired`,
  PlanReported: (body) =>
    text(body['refused']) === ''
      ? `${channel(body)}: ${plural(whole(body['recipients']), 'recipient')} planned for ${what(body)}${body['complete'] === true ? '' : ' so far'}`
      : `${channel(body)}: ${what(body)} REFUSED: ${text(body['refused'])}`,
  ChunkPlanned: (body) => `${channel(body)}: ${what(body)}, ${group(body)}: next to be sent`,
  ChunkReported: (body) => `${channel(body)}: ${what(body)}, ${group(body)}: ${counts(body)}`,
  PostReported: (body) =>
    `${platform(body)}: ${what(body)} in ${languageName(body)} is ${text(body['state'])}${reason(body)}`,
  ReceiptsCounted: (body) =>
    `${channel(body)}: ${what(body)}: ${body['delivered'] === null ? 'delivery not known' : `${whole(body['delivered'])} delivered`}${typeof body['noReceipt'] === 'number' ? `, ${whole(body['noReceipt'])} without a receipt` : ''}`,
  EngagementSampled: (body) => `${platform(body)}: version ${whole(body['version'])}: ${metrics(body)}`,
  InboundReceived: (body) => `a reply by ${channel(body)}: ${text(body['text'])}`,
  AccountReported: (body) => `account ready: ${text(body['name'])} on ${platform(body)}`,
  AccountHealthReported: (body) =>
    `account ${text(body['health'])}${text(body['detail']) && `: ${text(body['detail'])}`}`,
  GateInForce: gate,
};

/**
 * One plain sentence on one line for one event. A type that this build does not know is told by its name, never left out.
 * What cannot be shown (a control character or a change of direction in what somebody wrote to us) is told by its number, so
 * that a reply from the public can neither forge a line of the story nor command a reviewer's terminal.
 */
export function inWords(type: string, body: unknown): string {
  if (body === undefined) return `${shown(type)} (its body cannot be read)`;
  return shown(sentences[type]?.(record(body)) ?? `${type} (this build has no words for it)`);
}

const shown = (sentence: string) =>
  sentence
    .toWellFormed()
    // All blanks in a row at once: asked for as blanks around a line end, a reply of nothing but blanks would take seconds.
    .replaceAll(/\s+/g, (blanks) => (/[\n\r\u2028\u2029]/.test(blanks) ? ' / ' : blanks))
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (found) => {
      const number = found.charCodeAt(0).toString(16).padStart(4, '0');
      return `[U+${number.toUpperCase()}]`;
    });
