// The words between composing a mail, sending it and judging the answer: Message, Reply. Plain frozen values.
import type { Mailbox } from './addresses.ts';

/** PNG, shown where it stands. The name is a word. */
export interface Picture {
  readonly cid: string;
  readonly png: Buffer;
}

/** A mail before it is MIME. One recipient. Every string is already safe to stand where it stands. */
export interface Message {
  /** What the server is told. `from` is the return path. */
  readonly envelope: { readonly from: string; readonly to: string };
  /** With angle brackets; the same over every retry. */
  readonly messageId: string;
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly replyTo: Mailbox | null;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** That `html` shows by `cid:`; left out: none. */
  readonly pictures?: readonly Picture[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** All other headers, in order. */
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  /** True where the recipient's local part is not ASCII. */
  readonly needsSmtpUtf8: boolean;
}

/** Where in the conversation a server refused. */
export type Phase = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data' | 'after';

/** What came back for one message. */
export type Reply =
  | { readonly is: 'accepted'; readonly response: string }
  /** The server said no, in so many words: 4xx or 5xx. It does not have the message. */
  | {
      readonly is: 'rejected';
      readonly code: number;
      /** RFC 3463, as in `5.1.1`; null where it gave none. */
      readonly enhanced: string | null;
      readonly response: string;
      readonly phase: Phase;
    }
  /** No answer. Before the dot it surely was not sent; after it nobody knows. */
  | { readonly is: 'lost'; readonly phase: 'before' | 'after'; readonly why: string }
  /** The gate said no, and the dot never went out. */
  | { readonly is: 'withheld' };
