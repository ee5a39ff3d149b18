// Why mail is refused, as a table: the words that servers use, by reason. First match wins, so the order is the meaning:
// what blames us, or passes by itself, stands above what blames the contact, and doubt suppresses nobody. Specific words
// count before numbers (relays answer 5.1.1 to a sender they block, and 5.7.1 to a mailbox that is not there), numbers
// before vague words. Every gap in an expression is bounded: the text is a stranger's.
import type { Phase } from './message.ts';

export type Reason =
  /** The address's own, for good. */
  | 'userunknown'
  | 'hostunknown'
  | 'hasmoved'
  /** The address's own, and it may pass. */
  | 'mailboxfull'
  | 'suspended'
  | 'expired'
  /** Ours. */
  | 'blocked'
  | 'spam'
  | 'policy'
  | 'auth'
  | 'rate'
  | 'toobig'
  | 'smtputf8'
  /** Nobody's. */
  | 'network'
  | 'other';

export interface Rule {
  readonly reason: Reason;
  readonly text: RegExp;
  /** Where in the conversation it may apply; anywhere if left out. */
  readonly phases?: readonly Phase[];
}

/** Past MAIL FROM: before it, a host or a user that is unknown is our own. */
const RECIPIENT = ['rcpt', 'data', 'after'] as const satisfies readonly Phase[];

/** One expression of several, whatever the case of letters. */
const any = (...phrases: readonly RegExp[]): RegExp =>
  new RegExp(phrases.map((one) => one.source).join('|'), 'iu');

export const SPECIFIC_WORDS: readonly Rule[] = [
  {
    reason: 'toobig',
    text: any(
      /\b(?:message|mail(?! file)|(?<!mail file )size|content)\b(?:(?!quota|mailbox|storage)[^.;]){0,30}(?:too (?:big|large)|exceeds?|exceeded)\b(?![^.;]{0,40}(?:quota|storage|hour|day|rate|hop))/,
      /(?:exceed(?:s|ed)?|over|larger than)[^.;]{0,30}(?:message|mail)[ -]size/,
    ),
  },
  {
    reason: 'auth',
    text: any(
      /\b(?:spf|dkim|dmarc|sender ?id)\b[^;]{0,80}(?:fail|reject|not (?:aligned|pass|verif)|unauthori[sz]ed|denied|violat|policy|invalid|none)/,
      /(?:fail|reject|violat|not pass|due to|no valid|missing|without)[^;]{0,60}\b(?:spf|dkim|dmarc)\b/,
      /unauthenticated|not authenticated|authentication (?:is )?(?:required|checks?|failed)|requires? (?:smtp )?authentication/,
    ),
  },
  {
    reason: 'rate',
    text: any(
      /too many (?:\w+ ){0,4}(?:connections?|messages?|e?-?mails?|recipients?|errors|requests|sessions|commands|failures)\b(?! (?:on|in) (?:this|the) )/,
      /rate[- ]?limit|throttl|unusual rate|receiving (?:e-?mails?|messages|mail)[^.;]{0,20}(?:too quickly|at a rate)/,
      /exceed(?:s|ed|ing)?[^.;]{0,40}(?:connections?|\brate\b|per (?:hour|minute|day)|defers|sending|daily|hourly)/,
      /gr[ea]y-?list|unexpected volume|(?:sending|relay|receiving) (?:limit|quota)|message rate|reached[^.;]{0,30}(?:daily|hourly|sending) limit|(?:messages|mails|recipients) per (?:hour|minute|day|session)/,
    ),
  },
  {
    reason: 'mailboxfull',
    text: any(
      /(?:mail ?box|mail ?folder|mail file|in-?box|account|quota|storage|disk|spool|maildir|user|recipient)[^.;]{0,40}(?:\bfull\b|over ?quota|over (?:the |its )?(?:limit|size)|exceed(?:s|ed)|out of (?:storage|space)|size limit)/,
      /over ?quota|quota[^.;]{0,20}(?:exceed|full|violat|used up)|reached[^.;]{0,20}quota|\bfull (?:mail|in-?)box|exceed(?:s|ed|ing)?[^.;]{0,40}(?:quota|storage|disk space|mailbox|allocation)/,
      /(?:insufficient|not enough|no|out of)[^.;]{0,20}(?:system storage|disk ?space|storage|space left)|would (?:be over|exceed)|too many messages (?:on|in)|overdrawn|not have enough space|(?:mail ?box|in-?box|account|user)\b[^.;]{0,30}reached (?:its|the|their) (?:\w+ )?limit|space[^.;]{0,20}used up|too much mail/,
      /(?:postfach|mailbox)[^.;]{0,40}(?:\bvoll\b|[uü]berf[uü]llt)|speicherplatz|kontingent[^.;]{0,30}(?:[uü]berschritten|ersch[oö]pft)|bo[iî]te[^.;]{0,40}(?:pleine|satur[ée]e)|quota[^.;]{0,20}d[ée]pass/,
      /(?:buz[oó]n|casilla|bandeja)[^.;]{0,40}llen[oa]|cuota[^.;]{0,30}(?:excedid|superad)|cas[ei]lla[^.;]{0,30}piena|caixa[^.;]{0,40}(?:chei|lotad)|skrzynka[^.;]{0,40}(?:pe[łl]na|przepe)|(?:mailbox|postbus)[^.;]{0,20}\bvol\b/,
      /переполнен|квот[аы]?[^.;]{0,30}превыш|превышен[^.;]{0,30}(?:квот|размер ящик)|容量[^。]{0,20}(?:超|不足|満)|(?:メールボックス|受信箱)[^。]{0,20}(?:いっぱい|満杯)|(?:邮箱|信箱|郵箱)[^。]{0,10}(?:已满|已滿|空间不足)|용량[^.]{0,10}초과/,
    ),
  },
  {
    reason: 'blocked',
    text: any(
      /\bblock(?:ed|ing|s)? ?(?:list|by|using|due|for|from|at\b)|\bblocked\b|black-?list|black list|block-?list|deny ?list|black-?hole|\bbanned\b|\b(?:DNSBL|RBL|SURBL|URIBL|BLOCKED)\b/,
      /spamhaus|spamcop|sorbs|barracudacentral|ipcheck\.proofpoint|cloudmark|senderscore|abuseat/,
      /(?:poor|bad|low|no|ip|sender|domain|network|client)[ -]reputation|reputation (?:is|of|issues)/,
      /(?:\bip\b|\bhost|client|server|network|connection|domain)[^.;]{0,40}(?:is|was|has been|been) (?:denied|listed|rejected|not welcome|refused)/,
      /(?<!not )\blisted (?:at|by|on) |not allowed to (?:send(?! to)|connect)|refused to talk|go away|client host rejected|not accepting (?:\w+ )?(?:mail|messages|connections) from/,
      /reverse (?:dns|lookup|hostname)|\brdns\b|\bptr\b|cannot find your (?:reverse )?host ?name|dynamic (?:ip|address)|dial-?up|\bhelo\b[^.;]{0,30}(?:reject|invalid|not resolve|not found|unknown)/,
      /\byour (?:mail ?server|host|ip(?: address)?|network|server|mta)\b[^.;]{0,40}(?:unknown|denied|refused|not allowed)/,
    ),
  },
  {
    reason: 'spam',
    text: any(
      /\b(?:anti-?)?(?:spam|spammy|spamming|spammer|junk|unsolicited|phish\w*|virus(?:es)?|malware|trojan|worm|malicious|infected)\b/,
      /(?:bulk|undesirable|offensive|inappropriate|prohibited|unwanted|suspicious|objectionable) (?:e-?mail|mail|content|message|text|attachment|url|link)/,
      /content (?:filter|reject|scanner|restriction)|(?:message|mail|body)\b[^.;]{0,20}content[^.;]{0,30}(?:reject|refus|not (?:accept|allow)|prohibit)/,
    ),
  },
  {
    reason: 'policy',
    text: any(
      /sender(?:'s)? (?:e-?mail )?(?:address|domain|host|name|mailbox)|sender (?:verif|denied|rejected|is not|unknown|not found|blocked)|(?:unknown|invalid|bad) sender|verify (?:the )?sender|(?:approved|authori[sz]ed|known|certain) senders|(?:envelope|return)[- ](?:from|path|sender)|<address>: sender|callout verification|backscatter/,
      /relay(?:ing)? (?:access )?(?:denied|not (?:allowed|permitted)|prohibited)|unable to relay|we do not relay/,
      /attachments?\b[^.;]{0,40}(?:not (?:accept|allow|permit)|prohibit|reject|forbidden)/,
    ),
  },
  {
    reason: 'suspended',
    text: any(
      /(?:account|mail ?box|user|recipient|address|alias)\b[^.;:]{0,60}(?:disabled|inactive|(?<!delivery temporarily )suspended|deactivated|frozen|locked|discontinued|on hold|dormant|not active|closed|has expired|restricted|archived|(?<!delivery )temporarily)/,
      /(?:disabled|inactive|suspended|deactivated|locked|frozen|dormant)[^.;]{0,20}(?:account|mail ?box|user|recipient|address)|(?<!unknown or )not accepting (?:mail|messages)(?! from)|mailbox (?:locked|busy)|(?:account|mail ?box) (?:has |is )?expired/,
    ),
    phases: RECIPIENT,
  },
  {
    reason: 'network',
    text: any(
      /too many hops|hop count|\bmail loop|routing loop|loops? back|looping|maximum[^.;]{0,12}hops/,
      /(?:host|domain|name|dns|\bmx\b)[^.;]{0,60}(?:try again|lookup fail|timed? ?out|temporar|server failure|servfail)/,
    ),
  },
  {
    reason: 'hasmoved',
    text: any(
      /\b(?:user|recipient|mailbox|address|account)\b[^.;]{0,30}(?:has|have) (?:been )?(?:moved|changed)|address (?:has )?changed|user not local; please try|please (?:use|try) (?:the )?(?:new|following) (?:address|e-?mail)/,
    ),
    phases: RECIPIENT,
  },
  {
    reason: 'hostunknown',
    text: any(
      /\b(?:host|domain)(?: or (?:host|domain) name| name)?\b[^.;]{0,40}(?:not found|unknown|not known|does(?:n't| not) exist|not exist|non-?existent|unresolvable|(?:cannot|could not) be (?:found|resolved)|not resolve)/,
      /unknown (?:mail ?)?(?:host|domain)|no such (?:host|domain)|bad destination (?:host|system)|illegal host|invalid (?:host|domain)|unroute?a?ble (?:mail )?(?:domain|address)|domain must exist|nxdomain|null ?mx/,
      /couldn'?t find any host|name or service not known|no (?:valid )?mx\b|no dns (?:information|records?|entry)|indicated no smtp service|(?:cannot|can't|could not|unable to) resolve[^.;]{0,20}(?:domain|host)|domain[^.;]{0,60}(?:existiert nicht|n'existe pas|no existe|non esiste|n[aã]o existe|не существует)|\bmx records?[^.;]{0,30}(?:not found|non-?existent|not exist)|no mail (?:exchanger|hosts?)\b|name service error|does not accept (?:any )?(?:mail|e-?mail)s?\b/,
    ),
    phases: RECIPIENT,
  },
  {
    reason: 'userunknown',
    text: any(
      /\b(?:user|mail ?box|recipient|account|addressee|person|alias|subscriber|local[- ]part|address|e-?mail|rcpt|inbox)(?:e?s)?\b(?:\(s\))?[^.;:]{0,70}?(?:unknown|not known|not found|(?:can|could)(?: ?not|n't) be found|does ?n[o']?t exist|does not exist|dosn't exist|do not exist|not exist\b|not have an|no longer (?:exists?|available|valid|on|active|here|with|works|accepts)|unavailable|\binvalid|not valid|is(?:n't| not) (?:a|listed|valid|known|recognized)\b|not (?:recogni[sz]ed|registered|listed|local|here|present|handled|ok\b)|undeliverable|non-?existent|bad address)/,
      /\b(?:no such|unknown|invalid|nonexistent|non-?existent|not a valid|bad destination|illegal|incorrect|unrecogni[sz]ed|undeliverable|unroute?a?ble|no valid|not a known|undefined) (?:or illegal )?(?:local |virtual |e-?mail |mail |remote )?(?:user|mail ?box|recipients?|account|address|person|alias|forwarding|rcpt|local[- ]part|subscriber|customer)s?\b/,
      /not (?:our|a local) (?:customer|user|address|mailbox|recipient)|\bno (?:mail ?box|account|user|recipients?|person|subscriber)\b[^.;]{0,30}(?:by that name|here|with that|named|found|at this|exists?|available|for this user)|nobody (?:here )?by that name|\bno ?one (?:here )?(?:at|by|with) th|addressee unknown/,
      /<address>:? {0,2}(?:is |was )?(?:unknown|not (?:found|known)|does(?:n't| not) exist|undeliverable)|can'?t accept (?:user|recipient)|missing home directory/,
      /this user (?:doesn't|does not|has no)|recip(?:ient)?notfound|can'?t (?:find|create) (?:user|recipient|mailbox)|deleted (?:user|account|mailbox)|left the (?:company|organi[sz]ation)|(?:user|account|mail ?box|recipient|address)\b[^.;:]{0,30}(?:(?:has been|was|is) deleted|is (?:incorrect|wrong))|no longer (?:with|employed|works?|at) (?:this|the|our|us)\b|recipient address rejected: access denied\. ?\[?as\(201806281\)|#5\.1\.0 address rejected/,
      /(?:benutzer|adressat|empf(?:[aä]|ae)nger|adresse|teilnehmer|postfach|konto|mailbox)[^.;]{0,40}(?:unbekannt|nicht (?:gefunden|vorhanden|bekannt)|existiert nicht|ung[uü]ltig|gibt es nicht)|kein(?:en)? (?:postfach|benutzer|empf[aä]nger)|unbekannte[rn]? (?:benutzer|empf(?:[aä]|ae)nger|adresse)/,
      /(?:utilisateur|destinataire|adresse|compte|bo[iî]te)[^.;]{0,40}(?:inconnue?|introuvable|inexistante?|n'existe (?:pas|plus)|invalide|non trouv)/,
      /(?:usuario|destinatario|direcci[oó]n|cuenta|buz[oó]n|utente|indirizzo|casella|usu[aá]rio|endere[cç]o|\bconta\b|caixa)[^.;]{0,40}(?:desconocid|no existe|no es v[aá]lid|no v[aá]lid|inv[aá]lid|non esiste|non valid|non trovat|inesistente|sconosciut|n[aã]o existe|n[aã]o (?:foi )?encontrad|desconhecid|inexistente|no (?:se ha )?encontrad|no se encuentra)|no existe (?:dich[ao]|es[ae]|est[ae]|el|la) (?:persona|usuari|cuenta|direcci|buz[oó]n|destinatari)/,
      /(?:пользовател|адрес|ящик|получател|абонент)[^.;]{0,40}(?:не найден|не существует|неизвест|не зарегистр|отсутствует|недействител)|нет такого|такого (?:пользователя|адреса|ящика) нет|неизвестный (?:пользователь|получатель)/,
      /nie ma takiego|nieznany (?:u[żz]ytkownik|adresat|odbiorca)|(?:adres|u[żz]ytkownik|konto)[^.;]{0,30}nie istnieje|onbekende gebruiker|gebruiker[^.;]{0,20}onbekend|(?:adres|gebruiker|mailbox)[^.;]{0,30}bestaat niet|kullanıcı[^.;]{0,20}(?:bulunamadı|yok)|ok[äa]nd (?:mottagare|anv[äa]ndare)|ukendt (?:bruger|modtager)|neexistuj/,
      /(?:ユーザ|宛先|アドレス|メールボックス|受信者)[^。]{0,30}(?:見つかり|見つから|存在し|不明|ありませ)|(?:用户|收件人|地址|邮箱|帳號|收信人)[^。]{0,20}(?:不存在|不正确|找不到|无效|未找到)|(?:수신자|받는 사람|주소|사용자)[^.]{0,20}(?:존재하지|없는|없습니다|찾을 수 없)/,
    ),
    phases: RECIPIENT,
  },
  {
    reason: 'expired',
    text: any(
      /(?:delivery|message|retry|queue)[^.;]{0,30}(?:time ?out exceeded|expired|time expired|too long|too old)|retry time not reached|queued? too long|could not be delivered (?:for|within|in) |giving up|i've given up trying|deleted from queue|unable to deliver[^.;]{0,30}\b(?:after|for|within) \d+ (?:days|hours)/,
    ),
  },
  {
    reason: 'network',
    text: any(
      /connection[^.;]{0,40}(?:refused|timed? ?out|reset|lost|dropped|failed|aborted)|no route to|unreachable|not reachable|(?:cannot|can't|couldn't|unable to|wasn't able to)[^.;]{0,20}connect|no answer from|not respond|establish an smtp|\b(?:tls|ssl)\b[^.;]{0,40}(?:fail|required|error|handshake)/,
    ),
  },
];

/** Words that say little: asked only where no number says more. */
export const VAGUE_WORDS: readonly Rule[] = [
  {
    reason: 'network',
    text: any(
      /timed? ?out|service (?:not |un)available|system (?:error|problem)|local error|server (?:error|busy|too busy)|temporar(?:y|ily)|internal (?:error|server)|i\/o error/,
    ),
  },
  {
    reason: 'policy',
    text: any(
      /polic(?:y|ies)|not (?:allowed|authori[sz]ed|permitted)|prohibit|administrati|denied|forbidden|refused|reject/,
    ),
  },
];

/** RFC 3463 without its class: what a number alone says. What stands nowhere here says nothing. */
export const STATUS_REASONS: { readonly [status: string]: Reason } = {
  ...{
    '1.1': 'userunknown',
    '1.2': 'hostunknown',
    '1.3': 'userunknown',
    '1.6': 'hasmoved',
    '1.10': 'hostunknown',
  },
  ...{ '1.7': 'policy', '1.8': 'policy', '1.9': 'policy' },
  ...{ '2.1': 'suspended', '2.2': 'mailboxfull', '2.3': 'toobig', '3.1': 'mailboxfull', '3.4': 'toobig' },
  ...{
    '3.2': 'network',
    '4.0': 'network',
    '4.1': 'network',
    '4.2': 'network',
    '4.3': 'network',
    '4.4': 'network',
  },
  ...{ '4.5': 'rate', '4.6': 'network', '4.7': 'expired', '5.3': 'rate' },
  ...{ '6.7': 'smtputf8', '6.8': 'smtputf8', '6.9': 'smtputf8' },
  ...{ '7.0': 'policy', '7.1': 'policy', '7.8': 'auth', '7.9': 'auth', '7.25': 'blocked', '7.28': 'rate' },
  ...{
    '7.20': 'auth',
    '7.21': 'auth',
    '7.22': 'auth',
    '7.23': 'auth',
    '7.24': 'auth',
    '7.26': 'auth',
    '7.27': 'auth',
    '7.29': 'auth',
  },
};
