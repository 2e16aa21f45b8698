import { describe, expect, it } from '@jest/globals';
import { Findings, nth, RULES } from './finding.js';

const fail = (): string => {
  throw new Error('made for nobody');
};

describe('the list of rules', () => {
  const rules = Object.entries(RULES);

  it('has all nineteen checks, and no twentieth', () => {
    const checks = new Set(rules.map(([, { check }]) => check));
    // 0 stands for what goes beyond the nineteen.
    expect([...checks].sort((a, b) => a - b)).toEqual([0, ...Array.from({ length: 19 }, (_, i) => i + 1)]);
  });

  it('softens only rejects, and never to nothing', () => {
    for (const [code, rule] of rules) {
      if ('lenient' in rule) expect([code, rule.level, rule.lenient]).toEqual([code, 'reject', 'error']);
    }
  });

  it('rejects what the schema or safety forbids, and says of every rule where it comes from', () => {
    for (const [code, { check, level, section }] of rules) {
      if (level === 'reject') expect({ code, check: check <= 5 }).toEqual({ code, check: true });
      expect(section).toMatch(/§|CAP|schema|safety|practice|profile/);
    }
  });
});

describe('findings', () => {
  it('have the level of their rule, the softer one in lenient mode, or the one that is given', () => {
    const strict = new Findings(false);
    const lenient = new Findings(true);
    for (const each of [strict, lenient]) {
      each.add('order', '/alert/event', 'Wrong.');
      each.add('word', '/alert/status', 'Wrong.');
      each.add('no-geometry', '/alert', 'None.', 'note');
    }
    expect(strict.all().map((each) => each.level)).toEqual(['reject', 'reject', 'note']);
    expect(lenient.all().map((each) => each.level)).toEqual(['error', 'reject', 'note']);
  });

  it('make their path and sentence only when they are kept', () => {
    const findings = new Findings(false, 1);
    findings.add(
      'empty',
      () => '/alert/event',
      () => 'The event has no name.',
    );
    findings.add('empty', fail, fail);
    expect(findings.count).toBe(2);
    expect(findings.all()).toMatchObject([
      { code: 'empty', path: '/alert/event', message: 'The event has no name.' },
      { code: 'limit', level: 'warn', message: '1 more findings are left out.' },
    ]);
  });

  it('never lose the first reject to the limit: whoever takes alerts in goes by it', () => {
    const findings = new Findings(true, 2);
    for (let i = 0; i < 5; i += 1) findings.add('order', '/alert', 'Wrong.');
    findings.add('missing', '/alert', 'alert lacks sender.');
    findings.add('missing', '/alert', 'alert lacks sent.');
    expect(findings.count).toBe(7);
    expect(findings.all().map(({ code, level }) => [code, level])).toEqual([
      ['order', 'error'],
      ['missing', 'reject'],
      ['limit', 'warn'],
    ]);
  });

  it('say once how many are left out', () => {
    const findings = new Findings(false, 1);
    for (let i = 0; i < 4; i += 1) findings.add('empty', '/alert', 'Empty.');
    expect(findings.all()).toHaveLength(2);
    expect(findings.all()).toHaveLength(2);
  });

  it('know nothing of an alert that is as it should be', () => {
    const findings = new Findings(false);
    expect([findings.count, findings.all()]).toEqual([0, []]);
  });
});

describe('a path', () => {
  it('has a position only among several', () => {
    expect(nth('/alert/info', 0, 1)).toBe('/alert/info');
    expect(nth('/alert/info', 0, 2)).toBe('/alert/info[1]');
    expect(nth('/alert/info', 1, 2)).toBe('/alert/info[2]');
  });
});
