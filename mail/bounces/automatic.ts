// What a machine answers on its own (RFC 3834): out of office, "we have received your mail", read receipts. Neither a
// bounce nor a reply: it stops no sequence and counts for nothing.
import type { Opened } from './open.ts';

const SUBJECT =
  /^(?:auto(?:mat(?:ic(?:ally)?|ed))?[ -]?(?:reply|response|antwort|respond\w*|generated)|out of (?:the )?office|away from|on (?:vacation|leave|holiday)|vacation|abwesen|automatische antwort|r[ée]ponse automatique|absence|absent|respuesta autom|fuera de (?:la )?oficina|risposta automatica|fuori sede|resposta autom|автоответ|автоматический ответ|отпуск|auto:|autoreply|autoresponder|autosvar|afwezig|nieobecn|autorespuesta|自動|自动|不在|부재|자동)|\b(?:out of (?:the )?office|autoreply|auto-?reply|automatic reply|vacation (?:reply|message|notice))\b/i;

export function isAutomatic({ headers, subject }: Opened): boolean {
  const first = (name: string) => headers.get(name)?.[0]?.trim().toLowerCase() ?? '';
  const submitted = first('auto-submitted');
  return (
    submitted.startsWith('auto-replied') ||
    submitted.startsWith('auto-notified') ||
    /^auto[_-]?reply/.test(first('precedence')) ||
    ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply-from', 'x-mail-autoreply'].some(
      (name) => headers.has(name),
    ) ||
    /rules agent|oof/.test(first('x-ms-exchange-generated-message-source')) ||
    first('x-ms-exchange-inbox-rules-loop') !== '' ||
    /report-type="?disposition-notification/.test(first('content-type')) ||
    SUBJECT.test(subject)
  );
}
