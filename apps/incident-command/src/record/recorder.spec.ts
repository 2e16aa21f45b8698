import { describe, expect, it } from '@jest/globals';
import type { Append, Appended, EventRecord } from '#postgres';
import { Problem } from '#runtime';
import { ann, minute, warningId } from '#warning/testing';
import { following, Recorder, type Plan } from './recorder.js';

const once = { holder: ann, key: 'key-1', bodyHash: 'hash-1' };
const fact = { type: 'DraftEdited', at: minute(1), by: ann };
const plan: Plan<string> = { facts: following(warningId, 1, [fact]), answer: 'done' };
const done: Appended = { kind: 'appended', position: 7n };

/** A record that answers as a test tells it, and remembers what it was asked. */
function recordThat(...answers: Appended[]) {
  const asked: Append[] = [];
  let before: Appended | undefined;
  const record = {
    append: async (append: Append): Promise<Appended> => {
      asked.push(append);
      return answers.shift() ?? { kind: 'moved-on' };
    },
    answerTo: async () => before,
  } as unknown as EventRecord;
  return { asked, recorder: new Recorder(record), answered: (answer: Appended) => (before = answer) };
}

const codeOf = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    await run();
    return 'nothing was thrown';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
};

describe('what follows from a command', () => {
  it('is appended whole, with the answer that a repeat will get', async () => {
    const { recorder, asked } = recordThat(done);
    expect(await recorder.record(once, async () => plan)).toBe('done');
    expect(asked).toEqual([{ facts: plan.facts, also: [], request: { ...once, answer: 'done' } }]);
  });

  it('is decided again on what is there now, when somebody appended first', async () => {
    const { recorder, asked } = recordThat({ kind: 'moved-on' }, { kind: 'moved-on' }, done);
    let planned = 0;
    const answer = await recorder.record(once, async () => ({ ...plan, answer: `plan ${(planned += 1)}` }));
    expect([answer, asked.length]).toEqual(['plan 3', 3]);
  });

  it('is refused when the second look forbids it: nothing is written on an old look', async () => {
    const { recorder, asked } = recordThat({ kind: 'moved-on' });
    let looks = 0;
    const refused = recorder.record(once, async () => {
      looks += 1;
      if (looks > 1) throw new Error('not-submitted');
      return plan;
    });
    await expect(refused).rejects.toThrow('not-submitted');
    expect(asked).toHaveLength(1);
  });

  it('is given up after twenty-five looks: nobody waits longer for an answer', async () => {
    const { recorder, asked } = recordThat();
    expect(await codeOf(() => recorder.record(once, async () => plan))).toBe('too-busy');
    expect(asked).toHaveLength(25);
  });

  it('of nothing, asked by nobody who could repeat it, is not written at all', async () => {
    const { recorder, asked } = recordThat();
    expect(await recorder.record(undefined, async () => ({ facts: [], answer: 'as it was' }))).toBe(
      'as it was',
    );
    expect(asked).toEqual([]);
  });

  it('of nothing is still remembered under its key: the answer must be the same tomorrow', async () => {
    const { recorder, asked } = recordThat(done);
    await recorder.record(once, async () => ({ facts: [], answer: 'as it was' }));
    expect(asked).toMatchObject([{ facts: [], request: { key: 'key-1', answer: 'as it was' } }]);
  });
});

describe('a fact that the stream cannot carry', () => {
  const saying = (text: string, type = 'DraftEdited'): Plan<string> => ({
    facts: following(warningId, 1, [{ ...fact, type, text } as typeof fact]),
    answer: 'done',
  });

  it('is not recorded: everything behind it would wait for ever', async () => {
    const { recorder, asked } = recordThat(done);
    for (const text of ['x'.repeat(900_000), 'ŵ'.repeat(450_000)])
      expect(await codeOf(() => recorder.record(once, async () => saying(text)))).toBe('too-large-to-send');
    expect(asked).toEqual([]);
  });

  it('is not issued either, where it was submitted before anybody looked at its size', async () => {
    const { recorder, asked } = recordThat(done);
    const issue = () => recorder.record(once, async () => saying('x'.repeat(899_000), 'WarningIssued'));
    expect(await codeOf(issue)).toBe('too-large-to-send');
    expect(asked).toEqual([]);
  });

  it('is refused at submission and never at approval, which adds only who approved', async () => {
    const { recorder } = recordThat(done, done);
    const text = 'x'.repeat(879_500);
    expect(await recorder.record(once, async () => saying(text, 'WarningSubmitted'))).toBe('done');
    expect(
      await recorder.record(once, async () => saying(`${text}${'y'.repeat(1_000)}`, 'WarningIssued')),
    ).toBe('done');
  });
});

describe('a repeated request', () => {
  it('gets the first answer and not that of its own plan', async () => {
    const { recorder } = recordThat({ kind: 'repeated', answer: 'the first' });
    expect(await recorder.record(once, async () => plan)).toBe('the first');
  });

  it('gets the first answer though what it asks is forbidden by now', async () => {
    const { recorder, answered, asked } = recordThat();
    answered({ kind: 'repeated', answer: 'the first' });
    const forbidden = () => Promise.reject(new Error('not-submitted'));
    expect(await recorder.record(once, forbidden)).toBe('the first');
    expect(asked).toEqual([]);
  });

  it('whose key was used for something else is refused, whether its own plan is allowed or not', async () => {
    const { recorder, answered } = recordThat({ kind: 'key-reused' });
    expect(await codeOf(() => recorder.record(once, async () => plan))).toBe('key-reused');
    answered({ kind: 'key-reused' });
    const forbidden = () => Promise.reject(new Error('not-submitted'));
    expect(await codeOf(() => recorder.record(once, forbidden))).toBe('key-reused');
  });

  it('that was refused the first time is refused for its own reason', async () => {
    const { recorder } = recordThat();
    await expect(recorder.record(once, () => Promise.reject(new Error('not-submitted')))).rejects.toThrow(
      'not-submitted',
    );
  });
});

describe('facts that follow what was seen', () => {
  it('have the next revisions, the time of the act and the officer who asked', () => {
    const later = { ...fact, type: 'WarningSubmitted', at: minute(2) };
    expect(following(warningId, 4, [fact, later])).toEqual([
      {
        streamId: warningId,
        revision: 5,
        type: 'DraftEdited',
        time: minute(1),
        actor: ann,
        traceparent: null,
        body: fact,
      },
      {
        streamId: warningId,
        revision: 6,
        type: 'WarningSubmitted',
        time: minute(2),
        actor: ann,
        traceparent: null,
        body: later,
      },
    ]);
  });
  it('have the service for their actor where no person acted, and still say in whose name', () =>
    expect(following(warningId, 0, [fact], '/larum/incident-command')).toMatchObject([
      { revision: 1, actor: '/larum/incident-command', body: { by: ann } },
    ]));
  it('of nothing are none', () => expect(following(warningId, 4, [])).toEqual([]));
});
