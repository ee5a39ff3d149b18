// RFC 3464: the fields of a delivery status, block by block. Written for what servers send, not for what the RFC asks:
// missing blank lines, fields in any order, comments, addresses with and without their type.

export interface StatusFields {
  readonly address: string;
  /** failed, delayed, delivered, relayed, expanded. */
  readonly action: string;
  /** As in `5.1.1`; null where it gives none. */
  readonly status: string | null;
  /** What the remote server said. */
  readonly diagnostic: string;
}

type Block = ReadonlyMap<string, string>;

export function readStatuses(text: string): StatusFields[] {
  return blocksOf(text).flatMap((block) => {
    const address = addressOf(block.get('original-recipient')) ?? addressOf(block.get('final-recipient'));
    const action = /^\s*([a-z]+)/i.exec(block.get('action') ?? '')?.[1]?.toLowerCase() ?? '';
    if (address === null && action === '') return [];
    const diagnostic = (block.get('diagnostic-code') ?? '').replace(/^\s*[\w-]+\s*;\s*/, '');
    const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(block.get('status') ?? '')?.[1] ?? null;
    return [
      { address: address ?? '', action: action || 'failed', status: sharper(status, diagnostic), diagnostic },
    ];
  });
}

/** `5.0.0` says nothing where the remote server's own words hold a number that does. */
function sharper(status: string | null, diagnostic: string): string | null {
  const own = /(?:^|[\s#(-])([245]\.\d{1,3}\.\d{1,3})\b/.exec(diagnostic)?.[1] ?? null;
  return own !== null && (status === null || /^[45]\.0\.0$/.test(status)) ? own : status;
}

/** `rfc822; anna@acme.example`, `<anna@acme.example>`, `anna@acme.example (original: ...)`. */
function addressOf(field: string | undefined): string | null {
  const found = /([^\s<>;,"()@]{1,64}@[^\s<>;,"()@]{1,255})/.exec(
    (field ?? '').replace(/^\s*[\w-]+\s*;/, ''),
  );
  return found?.[1]?.replace(/[.'>]+$/, '').replace(/^'/, '') ?? null;
}

/** A block ends at a blank line, or where a field that names a recipient comes again. */
function blocksOf(text: string): Block[] {
  const blocks: Map<string, string>[] = [];
  let block = new Map<string, string>();
  let last = '';
  const close = () => {
    if (block.size > 0) blocks.push(block);
    block = new Map();
    last = '';
  };
  for (const line of text.split('\n')) {
    const field = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)$/.exec(line);
    if (line.trim() === '') close();
    else if (field === null) {
      // A continuation; some servers forget to indent it.
      if (last !== '') block.set(last, `${block.get(last) ?? ''} ${line.trim()}`);
    } else {
      last = (field[1] ?? '').toLowerCase();
      if (last === 'final-recipient' && block.has(last)) close();
      last = (field[1] ?? '').toLowerCase();
      if (!block.has(last)) block.set(last, field[2] ?? '');
    }
  }
  close();
  return joined(blocks);
}

/** Some put a blank line inside a recipient's fields: what names no recipient belongs to the one before it. */
function joined(blocks: readonly Map<string, string>[]): Block[] {
  const whole: Map<string, string>[] = [];
  for (const block of blocks) {
    const before = whole.at(-1);
    const isStray =
      !block.has('final-recipient') &&
      !block.has('original-recipient') &&
      (block.has('action') || block.has('status') || block.has('diagnostic-code'));
    if (isStray && before?.has('final-recipient') === true && !before.has('action'))
      for (const [key, value] of block) before.set(key, before.get(key) ?? value);
    else whole.push(block);
  }
  return whole;
}
