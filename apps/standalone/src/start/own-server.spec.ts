import { describe, expect, it } from '@jest/globals';
import { DatabaseNotOpened } from '#postgres';
import { onOwnServer } from './own-server.js';

const URL = 'postgres://larum@127.0.0.1:5432/postgres';
const cutOff = () => new DatabaseNotOpened(URL, new Error('Connection terminated unexpectedly'));
const wrongPassword = () =>
  new DatabaseNotOpened(URL, Object.assign(new Error('password authentication failed'), { code: '28P01' }));

/** An opening that fails with these reasons, one after the other, and works then. */
function opening(...reasons: Error[]) {
  const tried = { times: 0 };
  const open = async (): Promise<string> => {
    const reason = reasons[tried.times];
    tried.times += 1;
    if (reason !== undefined) throw reason;
    return 'open';
  };
  return { tried, open };
}

describe('the server that we started ourselves', () => {
  it('is asked once when it answers', async () => {
    const { tried, open } = opening();
    expect(await onOwnServer(open)).toBe('open');
    expect(tried.times).toBe(1);
  });

  it('is asked again when it cuts us off, as after a kill on a machine that has much to do', async () => {
    const { tried, open } = opening(cutOff(), cutOff());
    expect(await onOwnServer(open)).toBe('open');
    expect(tried.times).toBe(3);
  });

  it('is given up with its last reason when it never answers', async () => {
    const { open } = opening(cutOff(), cutOff(), cutOff());
    await expect(onOwnServer(open, 0)).rejects.toThrow('Connection terminated unexpectedly');
  });

  it('that refuses us is not asked again: waiting mends no password', async () => {
    const { tried, open } = opening(wrongPassword());
    await expect(onOwnServer(open)).rejects.toThrow('password authentication failed');
    expect(tried.times).toBe(1);
  });
});
