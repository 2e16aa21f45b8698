import { connect } from 'node:net';

const ANSWER_WITHIN_MS = 1_000;

// Two requests of the Kafka protocol by hand (kafka.apache.org/protocol), so that no client is needed to wait for a broker:
// api key, version, correlation id 1, no client id, body.
/** Metadata v4 without topics: tells the brokers that are alive. */
const METADATA = [0, 3, 0, 4, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0, 0];
/** FindCoordinator v0 for the group `w`: makes the broker create the topic of group offsets. */
const COORDINATOR = [0, 10, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 1, 0x77];

/** The node knows a live broker, and groups have a coordinator: without that the first consumer dies at once. */
export async function brokerIsReady(port: number): Promise<boolean> {
  const metadata = await ask(port, METADATA);
  if (!metadata || metadata.length < 8 || metadata.readInt32BE(4) < 1) return false; // throttle time, then how many brokers
  const coordinator = await ask(port, COORDINATOR);
  return coordinator !== undefined && coordinator.length >= 2 && coordinator.readInt16BE(0) === 0; // error code
}

/** The body of the answer to one request; undefined while nobody answers. */
function ask(port: number, request: readonly number[]): Promise<Buffer | undefined> {
  const length = Buffer.alloc(4);
  length.writeInt32BE(request.length);
  return new Promise((resolve) => {
    let got = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(Buffer.concat([length, Buffer.from(request)])),
    );
    const end = (answer?: Buffer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => end());
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length >= 4 && got.length >= 4 + got.readInt32BE(0)) end(got.subarray(8)); // past length and correlation id
    });
  });
}
