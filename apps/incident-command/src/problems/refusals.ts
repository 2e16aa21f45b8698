import type { ProblemEntry } from '#runtime';
import type { RefusalReason } from '#warning';

const nothing = 'nothing was recorded';

/** What each refusal of the rules means over HTTP (DESIGN §6): 403 the person, 404 the thing, 409 the state, 422 the meaning. */
export const refusals = {
  'already-drafted': {
    status: 409,
    title: 'The warning has begun already',
    meaning: `This warning was drafted before; ${nothing}.`,
    whatToDo: 'Edit its draft, or begin another warning.',
  },
  'no-such-warning': {
    status: 404,
    title: 'There is no such warning',
    meaning: `No warning has this id; ${nothing}.`,
    whatToDo: 'Check the id.',
  },
  'not-a-draft': {
    status: 409,
    title: 'There is no draft to change',
    meaning: `The version is waiting for its approver, went out or ended, and cannot be changed; ${nothing}.`,
    whatToDo: 'Ask the approver to return it, or open the next version.',
  },
  'not-submitted': {
    status: 409,
    title: 'Nothing waits for a decision',
    meaning: `No version of this warning is submitted or held; ${nothing}.`,
    whatToDo: 'Look at its state: it may be a draft, or somebody else decided first.',
  },
  'not-issued': {
    status: 409,
    title: 'The public was told nothing',
    meaning: `No version of this warning was issued, so there is nothing to cancel or update; ${nothing}.`,
    whatToDo: 'Reject or edit the draft instead.',
  },
  'version-open': {
    status: 409,
    title: 'A next version is open already',
    meaning: `This warning has an open next version, and there is one at a time; ${nothing}.`,
    whatToDo: 'Edit the open version, or have it rejected first.',
  },
  'not-expired-yet': {
    status: 409,
    title: 'It has not expired yet',
    meaning: `The warning’s expiry has not come; ${nothing}.`,
    whatToDo: 'Wait for its expiry, or cancel it.',
  },
  'approver-is-author': {
    status: 403,
    title: 'You began this version',
    meaning: `A second person approves, never the one who began the version; ${nothing}.`,
    whatToDo: 'Ask another approver.',
  },
  'approver-is-editor': {
    status: 403,
    title: 'You edited this version',
    meaning: `A second person approves, never one who edited the version; ${nothing}.`,
    whatToDo: 'Ask another approver.',
  },
  'approver-is-submitter': {
    status: 403,
    title: 'You submitted this version',
    meaning: `A second person approves, never the one who submitted the version; ${nothing}.`,
    whatToDo: 'Ask another approver.',
  },
  'returner-may-not-edit': {
    status: 403,
    title: 'You returned this version',
    meaning: `Whoever returned a version may approve it later, and may not edit or submit it; ${nothing}.`,
    whatToDo: 'Let its author or a colleague mend it.',
  },
  'changed-since-read': {
    status: 409,
    title: 'It is not what you read',
    meaning: `The texts or the area are others than those whose hashes you approved; ${nothing}.`,
    whatToDo: 'Read the version again, then approve by its hashes.',
  },
  'not-a-first-message': {
    status: 422,
    title: 'A warning does not begin like this',
    meaning: `An update, a correction or an all-clear needs a warning that went out before; ${nothing}.`,
    whatToDo: 'Open the next version of the warning that it is about, or begin with a first message.',
  },
  'not-a-next-message': {
    status: 422,
    title: 'A next version is an update, a correction or an all-clear',
    meaning: `The next version of a warning says what it is for those who know the first; ${nothing}.`,
    whatToDo: 'Set `message` to update, correction or all-clear.',
  },
  'not-whole': {
    status: 422,
    title: 'Something is missing',
    meaning: `The draft is not complete; ${nothing}.`,
    whatToDo: 'Fill in what is named, then submit again.',
  },
  'expiry-missing': {
    status: 422,
    title: 'The expiry is missing',
    meaning: `A warning without an end would stand for ever; ${nothing}.`,
    whatToDo: 'Say when the warning ends: `expiresAt`.',
  },
  'area-missing': {
    status: 422,
    title: 'The area is missing',
    meaning: `A warning without an area would reach nobody, and never everybody; ${nothing}.`,
    whatToDo: 'Draw the area: `area`.',
  },
  'broken-area': {
    status: 422,
    title: 'The area is broken',
    meaning: `Nobody could say who is inside this area; ${nothing}.`,
    whatToDo: 'Draw the area again without crossing lines.',
  },
  'already-expired': {
    status: 422,
    title: 'It has expired',
    meaning: `The expiry of this version has gone by; ${nothing}.`,
    whatToDo: 'Set a later expiry and submit it again.',
  },
  'expires-before-effective': {
    status: 422,
    title: 'It would end before it begins',
    meaning: `The expiry is not after the time from which it counts; ${nothing}.`,
    whatToDo: 'Correct `effectiveAt` or `expiresAt`.',
  },
  'next-update-in-the-past': {
    status: 422,
    title: 'The next update is promised for a time gone by',
    meaning: `People would wait for a word that is overdue already; ${nothing}.`,
    whatToDo: 'Say when the next update will come: `nextUpdateAt`.',
  },
  'next-update-after-expiry': {
    status: 422,
    title: 'The next update would come too late',
    meaning: `The promised next update is after the expiry; ${nothing}.`,
    whatToDo: 'Promise an earlier update, or let the warning run longer.',
  },
  'hold-in-the-past': {
    status: 422,
    title: 'The hold would be over already',
    meaning: `A hold lasts until a time to come; ${nothing}.`,
    whatToDo: 'Name a later time.',
  },
  'nothing-to-send': {
    status: 422,
    title: 'There is nothing to send',
    meaning: `No text came of this draft for any account; ${nothing}.`,
    whatToDo: 'Choose channels and accounts that can show the warning’s languages.',
  },
  'channel-without-text': {
    status: 422,
    title: 'A channel has no text',
    meaning: `A chosen channel has no text to send; ${nothing}.`,
    whatToDo: 'Leave the channel out, or choose an account on it.',
  },
  'cancel-text-missing': {
    status: 422,
    title: 'It could not be withdrawn',
    meaning: `For an account the text that would withdraw the warning is missing; ${nothing}.`,
    whatToDo: 'Tell the operator: this is a fault of the system, not of your text.',
  },
} as const satisfies Readonly<Record<RefusalReason, ProblemEntry>>;
