import { describe, expect, it } from '@jest/globals';
import { HttpException, type ArgumentsHost } from '@nestjs/common';
import {
  houseProblem,
  inTrace,
  newLog,
  Problem,
  ProblemFilter,
  problemsOf,
  type ProblemReader,
} from '#runtime';
import { bodyProblem } from './problem-filter.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const appProblem = problemsOf({
  'version-open': {
    status: 409,
    title: 'A version is open',
    meaning: 'One at a time.',
    whatToDo: 'Finish it.',
  },
});

/** What the filter does with an error, seen from the caller and from the log. */
function caught(error: unknown, { readers = [] as ProblemReader[], headersSent = false } = {}) {
  const lines: string[] = [];
  const headers: Record<string, string> = {};
  let status: number | undefined;
  let sent: string | undefined;
  let ended = false;
  const response = {
    headersSent,
    setHeader: (name: string, value: string) => void (headers[name] = value),
    status: (code: number) => ((status = code), response),
    type: (kind: string) => ((headers['Content-Type'] = kind), response),
    send: (body: string) => ((sent = body), response),
    end: () => void (ended = true),
  };
  const host = { switchToHttp: () => ({ getResponse: () => response }) } as unknown as ArgumentsHost;
  const log = newLog('filter', 'info', { write: (line) => void lines.push(line) });
  const filter = new ProblemFilter(log, readers);
  const answer = filter.catch.bind(filter);
  inTrace(`00-${TRACE}-b7ad6b7169203331-01`, () => answer(error, host));
  const body = sent === undefined ? undefined : (JSON.parse(sent) as Record<string, unknown>);
  return {
    status,
    headers,
    body,
    ended,
    lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';
}

describe('what a caller is told', () => {
  it.each([
    [401, 'unknown-token'],
    [403, 'not-your-role'],
    [404, 'not-found'],
    [413, 'too-large'],
    [415, 'wrong-content-type'],
    [429, 'too-many-requests'],
    [503, 'stopping'],
    [400, 'request-refused'],
    [405, 'request-refused'],
    [418, 'request-refused'],
    [500, 'internal-error'],
    [502, 'internal-error'],
    [504, 'internal-error'],
  ])('when the framework says %i: %s, in our own words', (status, code) => {
    const { body, headers } = caught(new HttpException('Cannot GET /v1/hunter2', status));
    expect(body?.['code']).toBe(code);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(headers['Content-Type']).toBe('application/problem+json');
  });

  it('when a problem was thrown: that problem, with its members', () => {
    const thrown = appProblem('version-open', 'Version 3 is open.', { version: 3 });
    const { status, body, lines } = caught(thrown);
    expect([status, body]).toMatchObject([
      409,
      { code: 'version-open', detail: 'Version 3 is open.', version: 3 },
    ]);
    expect(lines).toEqual([]); // a refusal is an answer: nobody must look
  });

  it('by the first reader that knows the error, and by the house when none does', () => {
    const nobody: ProblemReader = () => undefined;
    const first: ProblemReader = (error) =>
      error instanceof RangeError ? appProblem('version-open') : undefined;
    const second: ProblemReader = () => houseProblem('not-found');
    expect(caught(new RangeError('x'), { readers: [nobody, first, second] }).status).toBe(409);
    expect(caught(new RangeError('x'), { readers: [nobody, second, first] }).status).toBe(404);
    expect(caught(new RangeError('x'), { readers: [nobody] }).status).toBe(500);
  });

  it('when the database is away: to come back, and when', () => {
    const { status, headers, body, lines } = caught(new DatabaseAway('ECONNREFUSED 127.0.0.1:5432'));
    expect([status, headers['Retry-After'], body?.['code']]).toEqual([503, '1', 'database-away']);
    expect(JSON.stringify(body)).not.toContain('5432');
    expect(lines).toMatchObject([{ level: 'warn', code: 'database-away', traceId: TRACE }]);
  });

  it.each([
    [1, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [90_000, '90'],
  ])('to wait %i ms as %s whole seconds, never fewer (RFC 9110 §10.2.3)', (retryAfterMs, seconds) =>
    expect(
      caught(houseProblem('too-many-requests', undefined, { retryAfterMs })).headers['Retry-After'],
    ).toBe(seconds),
  );

  it('with 401, by which scheme to come again (RFC 9110 §11.6.1), and with nothing else', () => {
    expect(caught(houseProblem('no-token')).headers['WWW-Authenticate']).toBe('Bearer');
    expect(caught(houseProblem('not-your-role')).headers['WWW-Authenticate']).toBeUndefined();
  });

  it('of our own fault: a trace id, by which the log has the whole error', () => {
    const { status, body, lines } = caught(new TypeError('x of undefined'));
    expect([status, body?.['traceId']]).toEqual([500, TRACE]);
    expect(Object.keys(body ?? {}).toSorted()).toEqual([
      'code',
      'detail',
      'status',
      'title',
      'traceId',
      'type',
    ]);
    expect(lines).toMatchObject([
      { level: 'error', msg: 'a request met a fault', traceId: TRACE, error: { name: 'TypeError' } },
    ]);
  });

  it('nothing more, when a stream is already on its way: it ends, and the log knows why', () => {
    const { status, body, ended, lines } = caught(new Error('in the middle'), { headersSent: true });
    expect([status, body, ended]).toEqual([undefined, undefined, true]);
    expect(lines).toHaveLength(1);
  });
});

describe('what the reader of bodies says', () => {
  it.each([
    ['entity.parse.failed', 'not-json'],
    ['entity.verify.failed', 'not-json'],
    ['entity.too.large', 'too-large'],
    ['charset.unsupported', 'wrong-content-type'],
    ['encoding.unsupported', 'wrong-content-type'],
    ['request.aborted', 'request-refused'],
    ['request.size.invalid', 'request-refused'],
  ])('%s is %s', (type, code) =>
    expect(bodyProblem(Object.assign(new Error('raw words'), { type }))).toMatchObject({ code }),
  );

  it.each([
    ['an error of another kind', new Error('x')],
    ['a kind that it does not have', Object.assign(new Error('x'), { type: 'stream.encoding.set' })],
    ['no error at all', { type: 'entity.too.large' }],
    ['nothing', undefined],
  ])('is not %s', (_, error) => expect(bodyProblem(error)).toBeUndefined());

  it('is never repeated to the caller', () => {
    const said = bodyProblem(
      Object.assign(new Error('Unexpected token h in JSON'), { type: 'entity.parse.failed' }),
    );
    expect(said).toBeInstanceOf(Problem);
    expect(JSON.stringify(said)).not.toContain('Unexpected');
  });
});
