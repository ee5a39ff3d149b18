// What an error of the SMTP connection says, as a Reply. Only a code of 4xx or 5xx that the server itself gave is a
// rejection; everything else is silence, and whether silence came before or after the dot is told by the caller's own
// flag: the library gives both the same code.
import type { Phase, Reply } from './message.ts';

/** What nodemailer hangs on an error. */
export interface Failure {
  readonly message: string;
  readonly code?: string | undefined;
  readonly command?: string | false | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
}

export function toReply(error: Failure, stage: 'opening' | 'before' | 'after'): Reply {
  const code = error.responseCode ?? 0;
  if (code >= 400 && code < 600 && error.response !== undefined)
    return rejected(code, error.response, stage === 'after' ? 'after' : phaseOf(error, stage));
  return { is: 'lost', phase: stage === 'after' ? 'after' : 'before', why: whyOf(error) };
}

/** A rejection as the server worded it, or as it would have: `code response` of our own where it need not be asked. */
export function rejected(code: number, response: string, phase: Phase): Reply & { is: 'rejected' } {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? null;
  return { is: 'rejected', code, enhanced, response: response.slice(0, 2000), phase };
}

function phaseOf({ command }: Failure, stage: 'opening' | 'before'): Phase {
  const word = String(command ?? '').split(' ')[0];
  if (word === 'AUTH') return 'auth';
  if (word === 'MAIL') return 'mail';
  if (word === 'RCPT') return 'rcpt';
  if (word === 'DATA') return 'data';
  return stage === 'opening' ? 'connect' : 'data';
}

/** One line without addresses or what a server rambles: the first words are the library's own. */
function whyOf({ message, code }: Failure): string {
  const words = (message.split(/[\r\n]/)[0] ?? '').replace(/\S+@\S+/g, '<address>').slice(0, 200);
  return code === undefined || words.includes(code) ? words : `${words} (${code})`;
}
