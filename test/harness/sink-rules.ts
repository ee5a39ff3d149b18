// The script of a sink: where in a conversation a rule applies, which one does, and how its reply goes out.
import type { Socket } from 'node:net';

/** Where in a conversation a rule applies. `body`: once `byte` bytes of the message are in. `dot`: after the final dot. */
export type Moment =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'dot'
  | 'rset';

export interface Rule {
  readonly at: Moment;
  /** Only where the recipient (or the command) contains this. */
  readonly match?: string;
  /** Applies this often, then no more; always if left out. */
  readonly times?: number;
  /** Lets this many pass first. */
  readonly after?: number;
  readonly byte?: number;
  /** Sent as it stands, CRLF added; null: nothing is said. */
  readonly reply?: string | null;
  /** Added to the usual reply, after it, in the same packet. */
  readonly extra?: string;
  readonly delayMs?: number;
  /** One byte at a time, this far apart. */
  readonly trickleMs?: number;
  /** Hangs up after the reply; 'reset' sends RST. */
  readonly drop?: boolean | 'reset';
  /** At the dot: takes the message whatever is replied (or does not, though it says so). */
  readonly accept?: boolean;
}

export interface Counted {
  readonly rule: Rule;
  passed: number;
  used: number;
}

/** The first rule that fits, counted as used. */
export function pickRule(rules: readonly Counted[], at: Moment, text: string, bytes = 0): Rule | undefined {
  const found = rules.find(({ rule, used }) => {
    const fits =
      rule.at === at && (rule.match === undefined || text.includes(rule.match)) && bytes >= (rule.byte ?? 0);
    return fits && used < (rule.times ?? Number.POSITIVE_INFINITY);
  });
  if (found === undefined) return undefined;
  found.passed += 1;
  if (found.passed <= (found.rule.after ?? 0)) return undefined;
  found.used += 1;
  return found.rule;
}

/** Writes the reply the way the rule says, and hangs up where it says so. */
export function say(socket: Socket, rule: Rule | undefined, reply: string | null): void {
  const text = reply === null ? '' : `${reply}\r\n${rule?.extra === undefined ? '' : `${rule.extra}\r\n`}`;
  if (rule?.trickleMs !== undefined) trickle(socket, text, rule.trickleMs);
  else if (text !== '') socket.write(text);
  if (rule?.drop === 'reset') socket.resetAndDestroy();
  else if (rule?.drop === true) socket.destroySoon();
}

function trickle(socket: Socket, text: string, everyMs: number): void {
  if (text === '' || socket.destroyed) return;
  socket.write(text[0] ?? '');
  setTimeout(() => trickle(socket, text.slice(1), everyMs), everyMs);
}
