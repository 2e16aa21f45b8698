import { problemsOf, type ProblemTable } from '#runtime';
import { refusals } from './refusals.js';

/** Every problem of this app besides the house's own: what a caller can meet, on one screen. */
export const problemTable = {
  ...refusals,
  'unknown-field': {
    status: 400,
    title: 'A field is not known here',
    meaning: 'The request has a field that this interface does not know; nothing was recorded.',
    whatToDo: 'Take out or correct the fields that are named. A misspelt field must not be lost in silence.',
  },
  'control-characters': {
    status: 400,
    title: 'A text has characters that cannot be shown',
    meaning: 'A text has control characters or half a character in it; nothing was recorded.',
    whatToDo: 'Type the named texts again, or paste them as plain text.',
  },
  'wrong-area': {
    status: 400,
    title: 'The area is empty or not an area',
    meaning: 'The area is not a GeoJSON MultiPolygon with closed rings; nothing was recorded.',
    whatToDo: 'Draw the area again. An area that is missing or broken never means everywhere.',
  },
  'too-deep': {
    status: 400,
    title: 'The body is nested too deep',
    meaning:
      'Objects and lists lie in each other deeper than anything that is asked here; nothing was recorded.',
    whatToDo: 'Compare the body with the description of the interface.',
  },
  'idempotency-key-missing': {
    status: 400,
    title: 'An Idempotency-Key is needed',
    meaning: 'A request that changes something carries a key, so that a repeat is not done twice.',
    whatToDo:
      'Send the header Idempotency-Key with a new random value of 1 to 255 printable characters for each act.',
  },
  'key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for something else',
    meaning: 'You sent another request with this key in the last 24 hours; nothing was recorded now.',
    whatToDo: 'Use a new key for each act, and the same key only to repeat the same request.',
  },
  'moved-on': {
    status: 409,
    title: 'It is not at the revision that you sent',
    meaning: 'The warning has another revision than the one that you sent; nothing was recorded.',
    whatToDo: 'Read the warning again, look at what changed, and decide whether to overwrite or to keep it.',
  },
  'too-busy': {
    status: 503,
    title: 'Too many people are writing at once',
    meaning: 'Others changed the same thing again and again while this was decided; nothing was recorded.',
    whatToDo: 'Try again with the same Idempotency-Key.',
  },
  'too-large-to-send': {
    status: 422,
    title: 'It is too large to be sent',
    meaning:
      'What would be recorded is larger than anything that reaches the channels; nothing was recorded.',
    whatToDo: 'Draw the area with fewer corners, or shorten the texts.',
  },
  'no-such-incident': {
    status: 404,
    title: 'There is no such incident',
    meaning: 'No incident has this id; nothing was recorded.',
    whatToDo: 'Check the id, or open the incident first.',
  },
  'no-such-proposal': {
    status: 404,
    title: 'There is no such proposal',
    meaning: 'No proposal has this id; nothing was recorded.',
    whatToDo: 'Look at the list of proposals.',
  },
  'proposal-decided': {
    status: 409,
    title: 'The proposal was decided already',
    meaning: 'Somebody confirmed or dismissed this proposal before; nothing was recorded now.',
    whatToDo: 'Look at who decided it and what followed.',
  },
  'choose-a-warning': {
    status: 422,
    title: 'Several warnings, or none, are meant',
    meaning:
      'The proposal does not name exactly one warning, and a guess could end the wrong one; nothing was recorded.',
    whatToDo: 'Choose the warning and send its id as `warningId`.',
  },
  'unknown-account': {
    status: 422,
    title: 'An account is not known',
    meaning: 'The warning names an account that no channel has reported; nothing was recorded.',
    whatToDo: 'Choose from the accounts that GET /v1/accounts lists.',
  },
  'account-without-channel': {
    status: 422,
    title: 'An account’s channel was not chosen',
    meaning: 'The warning names an account on a channel that it does not use; nothing was recorded.',
    whatToDo: 'Choose the channel as well, or leave the account out.',
  },
  'channel-without-account': {
    status: 422,
    title: 'A channel has no account',
    meaning: 'A channel was chosen that has reported no account to send from; nothing was recorded.',
    whatToDo: 'Leave the channel out, or ask why its service has not reported its accounts.',
  },
  'wording-refused': {
    status: 422,
    title: 'The wording cannot go out',
    meaning:
      'A text has something that must not reach the public, such as a placeholder, a shortened link, or a live text that says it is a test; nothing was recorded.',
    whatToDo: 'Change the texts that are named in `findings`, then submit again.',
  },
  'must-be-acknowledged': {
    status: 422,
    title: 'Something must be looked at again',
    meaning:
      'A caution about the wording, the area or the channels stands, and nobody has said why it may; nothing was recorded.',
    whatToDo:
      'Change what is named in `findings`, or submit again with `acknowledged`, each rule named in `rules` with your reason: "acknowledged":[{"rule":"impact-missing","reason":"your reason"}].',
  },
  'pictures-not-taken': {
    status: 422,
    title: 'Pictures cannot be sent yet',
    meaning: 'The warning has pictures, and no channel takes them today; nothing was recorded.',
    whatToDo: 'Take out `media`, and say in words what the picture shows.',
  },
  'unknown-platform': {
    status: 422,
    title: 'A platform is not known',
    meaning: 'A text of its own was written for a platform that nobody knows; nothing was recorded.',
    whatToDo: 'Correct the names in `overrides`: an account’s platform stands in GET /v1/accounts.',
  },
  'text-does-not-fit': {
    status: 422,
    title: 'A text does not fit',
    meaning: 'A text cannot be shortened to fit without losing what saves lives; nothing was recorded.',
    whatToDo: 'Shorten the named texts, or write an own text for that platform.',
  },
  'not-a-warning': {
    status: 422,
    title: 'This is not a warning',
    meaning:
      'The alert is a test, a system message, an acknowledgement or of an unknown kind; nothing was recorded.',
    whatToDo: 'Send alerts, updates and cancels of real events or of the exercise.',
  },
  'alert-differs': {
    status: 409,
    title: 'Another alert has this name',
    meaning:
      'An alert with the same sender, identifier and time was taken in before, and it said something else; nothing was recorded.',
    whatToDo:
      'Give each alert an identifier of its own; send a change as an Update that refers to the first.',
  },
  'alert-of-the-other-world': {
    status: 422,
    title: 'An exercise alert in the live world',
    meaning: 'The alert says that it is an exercise, and this system is live; nothing was recorded.',
    whatToDo: 'Send it to the exercise system.',
  },
  'not-cap': {
    status: 422,
    title: 'This is not a CAP alert',
    meaning: 'The document is not one valid CAP 1.0, 1.1 or 1.2 alert; nothing was recorded.',
    whatToDo: 'Correct what is named in `findings` and send it again.',
  },
  'not-xml': {
    status: 400,
    title: 'The document cannot be read',
    meaning: 'The body is not well-formed XML; nothing was recorded.',
    whatToDo: 'Send one CAP alert as UTF-8 XML.',
  },
  'unsafe-xml': {
    status: 422,
    title: 'The document could do harm',
    meaning:
      'The XML has a document type, entities, inclusions, or is too deep or too large to be looked at; nothing was recorded.',
    whatToDo:
      'Send plain CAP: no DOCTYPE, no entities, and no more than the limits that the interface describes.',
  },
} as const satisfies ProblemTable;

/** Makes a problem of this app. */
export const problem = problemsOf(problemTable);
