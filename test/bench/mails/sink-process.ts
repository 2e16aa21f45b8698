import { MailSink } from '../first-send/mail-sink.js';

// A process of its own, so that its processor time is not counted as the sender's.
const sink = await MailSink.open();
process.send?.(sink.port);
process.once('disconnect', () => void sink.close());
