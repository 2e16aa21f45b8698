import { describe, expect, it } from '@jest/globals';
import { ConfigurationWrong, readConfig } from '#runtime';
import { SmsConfig } from './config.js';

const right = {
  SMPP_URL: 'smpp://larum:s%3Acret@gateway.example:2775',
  SMPP_LOGIN_MODE: 'exercise',
  SMS_SENDER: 'FLOODLINE',
  SMS_ACCOUNT_ID: `acc_${'5'.repeat(32)}`,
};
const mistakes = (env: Record<string, string>): string => {
  try {
    readConfig(SmsConfig, env);
    return '';
  } catch (error) {
    return error instanceof ConfigurationWrong ? error.message : 'another error';
  }
};

describe('the configuration of the SMS channel', () => {
  it('needs only where, as whom and for which world', () => {
    expect(readConfig(SmsConfig, right)).toMatchObject({
      SMPP_URL: [{ host: 'gateway.example', port: 2775, tls: false, systemId: 'larum', password: 's:cret' }],
      SMPP_WINDOW: 10,
      SMPP_PARTS_PER_SECOND: 50,
      SMPP_ALPHABET: 'gsm',
      SMS_MOST_PARTS: 6,
    });
  });

  it('takes several gateways, in order, and TLS', () => {
    const { SMPP_URL } = readConfig(SmsConfig, {
      ...right,
      SMPP_URL: 'smpps://a:b@one.example:3550, smpp://a:b@[::1]:2775',
    });
    expect(SMPP_URL.map(({ host, tls }) => [host, tls])).toEqual([
      ['one.example', true],
      ['::1', false],
    ]);
  });

  it('takes the type of the sender where the gateway wants another', () => {
    const { SMPP_SENDER_TYPE } = readConfig(SmsConfig, { ...right, SMPP_SENDER_TYPE: '0,1' });
    expect(SMPP_SENDER_TYPE).toEqual({ ton: 0, npi: 1 });
  });

  it('names everything that is wrong at once, and repeats no secret', () => {
    const told = mistakes({
      SMPP_URL: 'smpp://larum:muchtoolongsecret@gateway.example',
      SMS_SENDER: 'A SENDER THAT IS TOO LONG',
    });
    for (const key of ['SMPP_URL', 'SMPP_LOGIN_MODE', 'SMS_SENDER', 'SMS_ACCOUNT_ID'])
      expect(told).toContain(key);
    expect(told).toContain('more than 8 characters');
    expect(told).toContain('needs a port');
    expect(told).not.toContain('muchtoolongsecret');
  });

  it.each([
    ['SMPP_URL', 'http://gateway.example:80'],
    ['SMPP_URL', 'smpp://gateway.example:2775'],
    ['SMPP_URL', 'smpp://larum:100%@gateway.example:2775'], // a percent sign is written %25
    ['SMPP_LOGIN_MODE', 'test'],
    ['SMPP_WINDOW', '0'],
    ['SMPP_PARTS_PER_SECOND', 'fast'],
    ['SMS_SENDER', 'FLOOD!'],
    ['SMS_SENDER', '12'],
    ['SMS_LANGUAGES', 'english'],
    ['SMPP_URL', 'smpp://a:b@one.example:2775,smpp://a:c@two.example:2775'],
    ['SMPP_SENDER_TYPE', '3'],
    ['SMPP_SENDER_TYPE', '7,0'],
    ['SMPP_BIND_AS', 'transmitter'],
    ['SMPP_NAME', 'two words'],
    ['SMPP_BINDS', '17'],
    ['SMS_ACCOUNT_ID', 'sms'],
  ])('refuses %s=%s', (key, value) => expect(mistakes({ ...right, [key]: value })).toContain(key));
});
