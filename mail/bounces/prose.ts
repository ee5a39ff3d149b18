// Bounces in prose: qmail, Exim, Exchange, and all that never learned RFC 3464. Whether it is a bounce at all is weighed
// from several signs, so that a human who writes about "delivery failure" is none; which address failed, and in which
// words, is read from the lines that name one.
import type { Opened } from './open.ts';

export interface Named {
  readonly address: string;
  /** The lines about it. */
  readonly words: string;
}

/** Of what a mail system calls itself, its address before the @ and its name: a domain may be called anything. */
const SENDER_LOCAL =
  /^(?:(?:.*[._+-])?(?:mailer-?daemon|mail-?daemon|post_?master|mdaemon|mailsubsystem|mail-?delivery|bounces?)(?:[._+-].*)?|no-?reply.*bounce.*|auto\.reply|mmdf|postman|antispam|iscan)$/i;
const SENDER_NAME =
  /mailer-?daemon|post ?master|mail (?:deliver(?:y|er)?|administrator|system|server|subsystem)\b|e-?mail (?:interconnect|filter)|mail-?zustell|delivery subsystem|mdaemon|system administrator|administrador del sistema|microsoft ?(?:exchange|outlook)|mailsubsystem|antispam|spam firewall|internet mail|interscan|content-filter|sistema de correo/i;
const SUBJECT =
  /undeliver|non.?deliver|not deliver|(?:could|can)(?: ?not|n't) be delivered|delivery (?:status|failure|failed|has failed|problem|report|notification|error|subsystem|unsuccessful)|deliver(?:y|ing)[^.]{0,20}fail|returned (?:mail|to sender|message)|return(?:ed|ing) (?:e-?mail|message)|failure notice|mail (?:delivery )?fail|failed (?:mail|delivery)|mail (?:system )?error|message (?:delivery )?(?:fail|reject|status|could)|bounced? (?:mail|message)|rejected (?:mail|posting)|could not send|unzustellbar|nicht zugestellt|zustell|non remis|[ée]chec|impossible de remettre|no se pudo entregar|no entregado|mancata consegna|недоставлен|не доставлен|невозможно доставить|devuelto|n[aã]o entregue/i;
const PHRASE =
  /this message was created automatically by mail|i'm afraid i wasn't able to deliver|(?:could|can)(?: ?not|n't) be delivered|(?:the )?following (?:address(?:es|\(es\))?|recipients?|message)[^.]{0,40}(?:failed|had|could|was|were|undeliver)|permanent fatal errors|unable to deliver|(?:was|has) not (?:been )?delivered|not reach (?:some|the|all|one)|delivery (?:to the following|has failed|failed)|failed (?:to deliver|permanently)|undeliverable|wurde nicht zugestellt|konnte nicht zugestellt|could not deliver|cannot deliver|returned to sender|delivery failure|no se ha podido entregar|n'a pas (?:pu être|été) (?:remis|délivré)|не (?:может быть|было|удалось)[^.]{0,20}доставлен/i;
const PERSON = /^(?:re|fwd?|aw|wg|sv|antw|ответ|tr)\s*:/i;

/** By its From header; a mail without one was not written by a person. */
export function isMailSystem(from: string): boolean {
  const address = /[^\s<>"(),;:]{1,64}(?=@)/.exec(from)?.[0] ?? from.trim();
  const name = from.replace(/[^\s<>"(),;:]{1,64}@[^\s<>"(),;:]{1,255}/g, ' ');
  return /^[\s<>]*$/.test(from) || SENDER_LOCAL.test(address) || SENDER_NAME.test(name);
}

/** Whether a person answers or forwards: what it quotes or encloses is another's bounce. */
export const isPersons = ({ headers, from, subject }: Opened): boolean =>
  !isMailSystem(from) && (PERSON.test(subject) || headers.has('in-reply-to'));

/** How much speaks for a bounce. A machine must have written it: a shop's parcel "could not be delivered" too. */
export function weighBounce({ headers, from, subject, text }: Opened): number {
  const path = headers.get('return-path')?.[0]?.trim();
  const failed = headers.has('x-failed-recipients');
  const isMachine = isMailSystem(from) || path === '<>' || path === '';
  const report = /report-type="?delivery-status/i.test(headers.get('content-type')?.[0] ?? '');
  const hasCode = /(?:^|[\s#<])(?:[45]\d\d[ -](?:[45]\.\d+\.\d+)?|#?[45]\.\d\.\d{1,3}\b)/m.test(text);
  const tells = SUBJECT.test(subject) || PHRASE.test(text) || hasCode || report || failed;
  // Automatic answers come from an empty path too: what nobody's mail system wrote must speak of a failure.
  if (!tells && !isMailSystem(from)) return 0;
  const signs: readonly (readonly [isThere: boolean, weight: number])[] = [
    [report, 4],
    [failed, 4],
    [/^hi\. this is the /i.test(text.trimStart()), 4],
    [path === '<>' || path === '', 1],
    // An address that an answer would reach.
    [path !== undefined && path !== '' && path !== '<>' && !isMailSystem(path), -1],
    [!isMachine && !failed && !report, -2],
    [isMachine, 2],
    [SUBJECT.test(subject), 2],
    [PHRASE.test(text), 2],
    [hasCode, 1],
    [/auto-(?:generated|replied)/i.test(headers.get('auto-submitted')?.[0] ?? ''), 1],
    [PERSON.test(subject), -3],
    [headers.has('in-reply-to') && !isMailSystem(from), -2],
    [headers.has('list-unsubscribe') || headers.has('list-id'), -4],
  ];
  return signs.reduce((sum, [isThere, weight]) => sum + (isThere ? weight : 0), 0);
}

/** Its local part ends at the punctuation of Chinese and Japanese as at ours. */
const ADDRESS =
  /[^\s<>"'():;,@[\]（）：；，。、「」『』【】《》〈〉]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.\u0080-\uffff-]{0,253}[A-Za-z0-9])?/;
/** An address that a line begins with: `<anna@acme.example>:`, `    anna@acme.example`, `To: anna@acme.example`. */
const LINE = new RegExp(
  `^[ \\t>*-]*(?:(?:failed |final |original )?(?:to|recipients?|address|user|e-?mail|rcpt to|mailbox|адрес)(?: address)?[ \\t]*[:=][ \\t]*)?[<'"(]?(?:mailto:|rfc822;|smtp:)?(${ADDRESS.source})`,
  'i',
);

/** Who failed, each with the lines from its name to the next one's. */
export function readNamed(opened: Opened, own: ReadonlySet<string>): Named[] {
  const { text, headers } = opened;
  const lines = text.split('\n').map((line) => line.slice(0, 1_000));
  const starts = lines.flatMap((line, at) => {
    const address = LINE.exec(line)?.[1];
    return address !== undefined && isTheirs(address, own) ? [{ address: trim(address), at }] : [];
  });
  const named = starts.map(({ address, at }, n) => ({
    address,
    words: lines.slice(at, Math.min(starts[n + 1]?.at ?? lines.length, at + 25)).join('\n'),
  }));
  const failed = (headers.get('x-failed-recipients') ?? []).flatMap((one) => one.split(',')).map(trim);
  const listed = failed
    .filter((one) => one.includes('@'))
    .map((address) => ({
      address,
      words: named.find((one) => same(one.address, address))?.words ?? text,
    }));
  if (listed.length > 0) return unique(listed);
  if (named.length > 0) return unique(named);
  const anywhere = [...text.matchAll(new RegExp(ADDRESS.source, 'g'))].map(([one]) => trim(one));
  const other = anywhere.find((one) => isTheirs(one, own)) ?? returnedTo(opened, own);
  return other === null || other === undefined ? [] : [{ address: other, words: text }];
}

/** Whom the returned mail was for. */
export function returnedTo({ returned }: Opened, own: ReadonlySet<string>): string | null {
  const field =
    /^(?:x-(?:envelope-to|original-to|actual-recipient|hmxmroriginalrecipient)|delivered-to|envelope-to|to)[ \t]*:[^@\n]{0,200}?([^\s<>",;:()@]{1,64}@[^\s<>",;:()@]{1,255})/im.exec(
      returned,
    );
  const address = trim(field?.[1] ?? '');
  return address !== '' && isTheirs(address, own) ? address : null;
}

function isTheirs(address: string, own: ReadonlySet<string>): boolean {
  return (
    !own.has(trim(address).toLowerCase()) &&
    !/^(?:mailer-?daemon|postmaster|abuse|support|help|bounces?)@/i.test(address)
  );
}

function unique(named: readonly Named[]): Named[] {
  const once = new Map<string, Named>();
  for (const one of named) {
    const key = one.address.toLowerCase();
    const before = once.get(key);
    once.set(key, before === undefined ? one : { ...before, words: `${before.words}\n${one.words}` });
  }
  return [...once.values()];
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const trim = (address: string) => address.trim().replace(/^[<'"]+|[>'".,:;]+$/g, '');
