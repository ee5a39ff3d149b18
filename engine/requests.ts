// What a step may ask to be done outside, as plain data: a delivery's payload is one of these. Whoever performs it
// (`Io` in step.ts says how it is asked, workers/io.ts does it) needs nothing else from the workflow, so that a row
// means the same whatever has been applied since. It stands apart from step.ts and imports nothing.

export interface MailRequest {
  /** Template name; the locale is chosen from the contact's. */
  readonly template: string;
}

/** An HTTP POST to the url, with a JSON body whose fields are read when it leaves. */
export interface CallRequest {
  readonly url: string;
  readonly fields: { readonly [name: string]: CallField };
  /** From the first byte out to the last byte in. */
  readonly timeoutMs: number;
}

/** A fact by its path (`deal.amount`), or a value that the file says. */
export type CallField = { readonly fact: string } | { readonly value: string | number | boolean };
