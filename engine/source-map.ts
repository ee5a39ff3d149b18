// How another program's webhook proves itself and becomes events: what a sources/<name>.yaml says, as plain data.

export interface Source {
  readonly signature: Signature;
  /** The path of a list, each of whose elements is read alone; null: the body is one. */
  readonly each: string | null;
  readonly events: readonly SourceEvent[];
}

/** How a request proves where it comes from. The secret is not here: it comes from the environment. */
export interface Signature {
  readonly kind: 'hmac' | 'standard-webhooks' | 'token' | 'basic';
  readonly header: string;
  readonly encoding: 'hex' | 'base64';
  /** What stands before the digest in the header: `sha256=`. */
  readonly prefix: string;
  /** The header with the time of sending in seconds, signed as `<time>.<body>`; null: the body alone is signed. */
  readonly timestamp: string | null;
  readonly maxAgeMs: number;
}

export interface SourceEvent {
  /** Path to the value that it must have; all of them. */
  readonly if: { readonly [path: string]: Scalar };
  readonly type: string;
  /** `deal.stage` and so on to where the value comes from. */
  readonly fields: { readonly [target: string]: ValueFrom };
}

export type Scalar = string | number | boolean;
/** The value at a path, through a table of words; several joined by hyphens; or the same for all. */
export type ValueFrom =
  | { readonly paths: readonly string[]; readonly values: { readonly [from: string]: Scalar } | null }
  | { readonly is: Scalar };
