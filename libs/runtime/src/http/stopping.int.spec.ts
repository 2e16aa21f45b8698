import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Res, type OnApplicationShutdown } from '@nestjs/common';
import type { Response } from 'express';
import { HealthRegistry, newLog, silentLog, sleep, startHttp, type HttpServer } from '#runtime';

/** What the parts of a process did, in order. */
let acts: string[] = [];

class Part implements OnApplicationShutdown {
  onApplicationShutdown(): void {
    acts.push('the module ended');
  }
}

@Controller()
class Routes {
  @Get('slow')
  async slow() {
    acts.push('the slow request began');
    await sleep(200);
    return { done: true };
  }

  @Get('stream')
  stream(@Res() response: Response) {
    response.status(200).set('content-type', 'text/event-stream').flushHeaders();
    response.write(': hello\n\n');
    acts.push('the stream began');
  }
}

@Module({ controllers: [Routes], providers: [Part] })
class App {}

let servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((one) => one.close().catch(() => {})));
  servers = [];
  acts = [];
});
async function open(options: Partial<Parameters<typeof startHttp>[1]> = {}): Promise<HttpServer> {
  const server = await startHttp(App, { name: 'stopping', port: 0, log: silentLog, ...options });
  servers.push(server);
  return server;
}
async function began(act: string): Promise<void> {
  for (let looks = 0; !acts.includes(act) && looks < 4_000; looks += 1) await sleep(5);
}

describe('a process that stops', () => {
  it('takes nothing new, and ends its parts', async () => {
    const server = await open();
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    await server.close();
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    expect(acts).toEqual(['the module ended']);
  });

  it('is not ready from the first moment of its stop', async () => {
    const health = new HealthRegistry();
    const server = await open({ health });
    expect(await health.readiness()).toMatchObject({ ready: true });
    const closing = server.close();
    expect(await health.readiness()).toEqual({ ready: false, checks: { process: 'is stopping' } });
    await closing;
  });

  it('lets a request that is under way end: whoever approved just now is told so', async () => {
    const server = await open();
    const asked = fetch(`${server.url}/slow`);
    await began('the slow request began');
    await server.close();
    expect(await (await asked).json()).toEqual({ done: true });
    expect(acts).toEqual(['the slow request began', 'the module ended']);
  });

  it('is not kept by a reader who follows the events for hours', async () => {
    const server = await open();
    const following = await fetch(`${server.url}/stream`);
    await began('the stream began');
    const asked = performance.now();
    await server.close();
    expect(performance.now() - asked).toBeLessThan(20_000);
    await expect(following.text()).rejects.toThrow(); // cut, so that the reader comes back with its place
  });

  it('is not kept by a connection that somebody holds open for later', async () => {
    const server = await open();
    await (await fetch(`${server.url}/livez`)).text(); // fetch keeps it alive
    const asked = performance.now();
    await server.close();
    expect(performance.now() - asked).toBeLessThan(3_500);
  });
});

describe('a process that starts', () => {
  it('says in its log where it listens, with the port that it was given', async () => {
    const lines: string[] = [];
    const server = await open({
      log: newLog('stopping', 'info', { write: (line) => void lines.push(line) }),
    });
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({ msg: 'listening', url: server.url });
    expect(Number(new URL(server.url).port)).toBeGreaterThan(0);
  });

  it('listens on loopback unless it is told otherwise', async () => {
    const server = await open();
    const address = server.app.getHttpServer().address() as AddressInfo;
    expect(address.address).toBe('127.0.0.1');
  });

  it('on a port that is taken ends what it had begun, and throws what tells the operator', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(open({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    expect(acts).toEqual(['the module ended']);
    await new Promise((resolve) => other.close(resolve));
  });

  it('is prepared before it answers anybody', async () => {
    const order: string[] = [];
    const server = await open({
      prepare: async (app) => {
        await sleep(20);
        order.push(app.getHttpServer().listening === true ? 'listens already' : 'prepared');
      },
    });
    expect(order).toEqual(['prepared']);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  });

  it('throws what preparing throws, and listens nowhere', async () => {
    const prepare = () => Promise.reject(new Error('no pages'));
    await expect(open({ prepare })).rejects.toThrow('no pages');
  });

  it('refuses two routes for one address, which would hide one of them', async () => {
    @Controller('slow')
    class Twin {
      @Get()
      again() {
        return {};
      }
    }
    @Module({ controllers: [Routes, Twin] })
    class Twins {}
    await expect(startHttp(Twins, { name: 'twins', port: 0, log: silentLog })).rejects.toThrow(/slow/i);
  });
});
