import { problemsOf, type ProblemTable } from './problem.js';

/** The problems that every process with HTTP can answer with; an app adds its own table. */
export const houseProblems = {
  'invalid-request': {
    status: 400,
    title: 'The request is not as it should be',
    meaning: 'One or more fields are missing, unknown or wrong; nothing was recorded.',
    whatToDo: 'Correct the fields that are named in `fields` and send it again.',
  },
  'not-json': {
    status: 400,
    title: 'The body cannot be read',
    meaning: 'The body of the request is not well-formed JSON in UTF-8; nothing was recorded.',
    whatToDo: 'Send a JSON object with Content-Type: application/json.',
  },
  'no-token': {
    status: 401,
    title: 'A token is needed',
    meaning: 'The request carries no token.',
    whatToDo: 'Send the header Authorization: Bearer, followed by your token.',
  },
  'unknown-token': {
    status: 401,
    title: 'The token is not known',
    meaning: 'The token is misspelt, was withdrawn or never existed.',
    whatToDo: 'Ask your administrator for a valid token.',
  },
  'token-of-the-other-world': {
    status: 401,
    title: 'The token belongs to the other world',
    meaning:
      'Exercise and live are two worlds. This token is made for the other one; nothing was recorded here.',
    whatToDo:
      'Make sure which world you mean to work in. Exercise tokens begin with lrx_, live ones with lrl_.',
  },
  'not-your-role': {
    status: 403,
    title: 'Your role may not do this',
    meaning: 'The holder of this token does not have a role that this needs; nothing was recorded.',
    whatToDo: 'Ask someone who has the role, or ask your administrator for it.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing here',
    meaning: 'No such address or thing exists, or you may not see it.',
    whatToDo: 'Check the address and the id in it.',
  },
  'too-large': {
    status: 413,
    title: 'The request is too large',
    meaning: 'The body is larger than is taken here; it was not read.',
    whatToDo: 'Send less at once.',
  },
  'wrong-content-type': {
    status: 415,
    title: 'This kind of body is not taken here',
    meaning: 'The Content-Type or the encoding of the body is not one that this address takes.',
    whatToDo: 'Send JSON as application/json, and CAP alerts to /v1/cap as application/cap+xml.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    meaning: 'More requests came from you than are taken in this time.',
    whatToDo: 'Wait as long as the header Retry-After says, then go on.',
  },
  'request-refused': {
    status: 400,
    title: 'The request was refused',
    meaning: 'The request cannot be answered in this form.',
    whatToDo: 'Compare it with the description of the interface.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side',
    meaning: 'The request met a fault. Whether anything was recorded is not certain.',
    whatToDo:
      'Look at the state, then try again with the same Idempotency-Key. Tell us the trace id if it stays.',
  },
  'database-away': {
    status: 503,
    title: 'The record cannot be reached at the moment',
    meaning: 'The database does not answer. Unless an answer says so, nothing counts as recorded.',
    whatToDo: 'Try again in a few seconds with the same Idempotency-Key; it will not be done twice.',
  },
  stopping: {
    status: 503,
    title: 'This process is stopping',
    meaning: 'The process is being stopped or restarted and takes no new work.',
    whatToDo: 'Try again in a few seconds with the same Idempotency-Key.',
  },
} as const satisfies ProblemTable;

/** Makes a problem of the house. */
export const houseProblem = problemsOf(houseProblems);
