export { SmtpDialogue } from './smtp-dialogue.js';
