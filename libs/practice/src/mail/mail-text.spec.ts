import { describe, expect, it } from '@jest/globals';
import { rawHeaders, readMail } from './mail-text.js';

const mail = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'utf8');

describe('reading a mail', () => {
  it('finds the plain words beside the HTML', () => {
    const raw = mail(
      'Message-ID: <dlv_1@larum.example>',
      'Subject: FLOOD: Wainfleet, leave now',
      'Content-Type: multipart/alternative;',
      ' boundary="--_a-b"',
      '',
      'This is a multipart message.',
      '----_a-b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Cae o dŵr.',
      'Gadewch nawr.',
      '----_a-b',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Cae o dŵr.</p>',
      '----_a-b--',
      '',
    );
    expect(readMail(raw)).toMatchObject({
      messageId: '<dlv_1@larum.example>',
      subject: 'FLOOD: Wainfleet, leave now',
      text: 'Cae o dŵr.\nGadewch nawr.',
    });
  });

  it.each([
    ['base64', Buffer.from('Llifogydd: â ŵ ŷ').toString('base64')],
    ['quoted-printable', 'Llifogydd: =C3=A2 =\r\n=C5=B5 =C5=B7'],
    ['8bit', 'Llifogydd: â ŵ ŷ'],
  ])('decodes %s', (encoding, body) => {
    const raw = mail(
      'Content-Type: text/plain; charset=utf-8',
      `Content-Transfer-Encoding: ${encoding}`,
      '',
      body,
    );
    expect(readMail(raw).text).toBe('Llifogydd: â ŵ ŷ');
  });

  it('decodes a subject that was cut into several encoded words', () => {
    const raw = mail(
      'Subject: =?UTF-8?Q?EXERCISE:_Rhybudd_llif?=',
      ' =?UTF-8?B?b2d5ZGQg8J+Mig==?= now',
      '',
      '',
    );
    expect(readMail(raw).subject).toBe('EXERCISE: Rhybudd llifogydd 🌊 now');
  });

  it('knows other character sets', () => {
    const raw = Buffer.from('Content-Type: text/plain; charset=iso-8859-1\r\n\r\n\xa35 caf\xe9', 'latin1');
    expect(readMail(raw).text).toBe('£5 café');
  });

  it('takes the words out of a mail that is HTML alone', () => {
    const raw = mail('Content-Type: text/html', '', '<style>p{}</style><p>FLOOD</p><p>Leave<br>now</p>');
    expect(readMail(raw).text).toBe('FLOOD\nLeave\nnow');
  });

  it('looks into parts of parts', () => {
    const raw = mail(
      'Content-Type: multipart/mixed; boundary=out',
      '',
      '--out',
      'Content-Type: multipart/alternative; boundary=in',
      '',
      '--in',
      'Content-Type: text/plain',
      '',
      'inside',
      '--in--',
      '--out--',
      '',
    );
    expect(readMail(raw).text).toBe('inside');
  });

  it('takes a part that begins with its empty line as words without headers', () => {
    const raw = mail(
      'Content-Type: multipart/report; boundary=b',
      '',
      '--b',
      '',
      'The river: rising',
      '',
      'Leave now.',
      '--b--',
      '',
    );
    expect(readMail(raw).text).toBe('The river: rising\n\nLeave now.');
  });

  it('gives empty fields for rubbish instead of failing', () => {
    for (const rubbish of ['', '\0\0\0', ':::', 'Content-Type: multipart/mixed\r\n\r\nx', 'a\r\n\r\nb']) {
      expect(() => readMail(Buffer.from(rubbish))).not.toThrow();
    }
    expect(readMail(Buffer.from('Content-Type: text/plain; charset=nonsense\r\n\r\nstill here')).text).toBe(
      'still here',
    );
  });

  it('hands out the headers as they were written', () => {
    expect(rawHeaders(mail('Subject: a', ' b', 'To: c', '', 'body'))).toBe('Subject: a\r\n b\r\nTo: c');
  });
});
