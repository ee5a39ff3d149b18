// F14: every shipped template, and templates made up by dice, written to contacts who mean harm; what would go over the
// wire is parsed and verified by other programs (postal-mime, mailauth). Also counts how often MJML ran for all of it.
import { relative } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import PostalMime from 'postal-mime';
import { readFolder, shippedFolder } from '../../cli/folders.ts';
import type { Facts } from '../../engine/step.ts';
import { compose } from '../../mail/compose.ts';
import { compileTemplates } from '../../mail/library.ts';
import { countCompiles } from '../../mail/library-mjml.ts';
import { markDelivery } from '../../mail/marks.ts';
import type { Message } from '../../mail/message.ts';
import type { CompiledTemplate } from '../../mail/template.ts';
import { trackDelivery } from '../../mail/tracking.ts';
import { toLetter } from '../../mail/transport-mime.ts';
import { house, identity } from '../harness/post.ts';
import { type Dice, openDice } from './dice.ts';
import { makeDkim } from './dkim.ts';
import { naughty } from './hostile.ts';
import { definePureTrial } from './trial.ts';

export interface LetterReport {
  readonly [figure: string]: unknown;
  readonly templates: number;
  readonly letters: number;
  readonly dkimFailed: number;
  readonly listUnsigned: number;
  readonly linesTooLong: number;
  readonly overClip: number;
  /** Another recipient, sender or subject than was composed, or a header twice. */
  readonly readOtherwise: number;
  readonly compiles: number;
  readonly composed: number;
}

const MOST_LINE = 998;
const CLIP = 100_000;

interface LetterTrial {
  /** Every how many-th of the shipped templates. */
  readonly every: number;
  readonly generated: number;
  readonly contacts: number;
  /** Composed in all, to count compiles. */
  readonly sends: number;
  readonly seed: number;
}

export async function runLetters(trial: LetterTrial): Promise<LetterReport> {
  const dice = openDice(trial.seed);
  const before = countCompiles();
  const folder = shippedFolder('templates');
  const shipped = readFolder(folder, ['.mjml', '.txt']).map(({ path, text }) => ({
    path: relative(folder, path).replaceAll('\\', '/'),
    text,
  }));
  const made = Array.from({ length: trial.generated }, (_, n) => ({
    path: `made-${n}.en.mjml`,
    text: generate(dice, n),
  }));
  const { templates, diagnostics } = await compileTemplates([...shipped, ...made]);
  const errors = diagnostics.filter((one) => one.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((one) => `${one.file}: ${one.message}`).join('\n'));
  const compiles = countCompiles() - before;
  const chosen = templates.filter((one, n) => one.name.startsWith('made-') || n % trial.every === 0);
  const { dkim, resolver } = makeDkim('acme.example');
  const counts = {
    letters: 0,
    dkimFailed: 0,
    listUnsigned: 0,
    linesTooLong: 0,
    overClip: 0,
    readOtherwise: 0,
  };
  let composed = 0;
  for (const template of chosen)
    for (let n = 0; n < trial.contacts; n += 1) {
      composed += 1;
      const message = write(template, makeFacts(dice), composed);
      const { body } = await toLetter(message, dkim);
      const verified = await dkimVerify(body, { resolver });
      const signed = signedNames(verified.results[0]);
      const wanted = template.topic === null ? [] : ['list-unsubscribe', 'list-unsubscribe-post'];
      counts.letters += 1;
      counts.dkimFailed += Number(verified.results[0]?.status.result !== 'pass');
      counts.listUnsigned += Number(!wanted.every((name) => signed.includes(name)));
      counts.linesTooLong += Number(
        body
          .toString('latin1')
          .split('\r\n')
          .some((line) => line.length > MOST_LINE),
      );
      counts.overClip += Number(Buffer.byteLength(message.html) > CLIP);
      counts.readOtherwise += Number(!(await isReadAlike(body, message)));
    }
  for (; composed < trial.sends; composed += 1)
    write(chosen[composed % chosen.length] as CompiledTemplate, makeFacts(dice), composed);
  const after = countCompiles() - before;
  return {
    templates: templates.length,
    ...counts,
    compiles: after,
    composed,
    compilesWhileSending: after - compiles,
  };
}

function write(template: CompiledTemplate, facts: Facts, id: number): Message {
  const delivery = { id: String(id), contactId: '4', topic: template.topic, workflow: 'w', node: 'n' };
  const own = { ...house, publicUrl: 'https://mail.acme.example', bounceDomain: 'bounce.acme.example' };
  const marks = markDelivery(delivery, own);
  const tracked = trackDelivery(delivery.id, template.targets ?? [], { opens: true, clicks: true }, own);
  const message = compose({
    template,
    facts,
    marks,
    tracked,
    identity,
    delivery,
    now: Date.UTC(2026, 10, 23),
  });
  if ('is' in message) throw new Error(message.why);
  return message;
}

/** mailauth names them, and its types do not. */
function signedNames(result: unknown): string[] {
  const { signingHeaders } = (result ?? {}) as { signingHeaders?: { keys?: string } };
  return (signingHeaders?.keys ?? '').toLowerCase().split(/\s*:\s*/);
}

async function isReadAlike(body: Buffer, message: Message): Promise<boolean> {
  const read = await PostalMime.parse(body);
  const names = read.headers.map((one) => one.key);
  const even = (text: string | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
  return (
    new Set(names).size === names.length &&
    read.to?.length === 1 &&
    read.to[0]?.address === message.to.address &&
    read.from?.address === message.from.address &&
    read.cc === undefined &&
    read.bcc === undefined &&
    even(read.subject) === even(message.subject) &&
    even(read.html) === even(message.html) &&
    even(read.text) === even(message.text)
  );
}

function makeFacts(dice: Dice): Facts {
  const any = () => naughty[dice.below(naughty.length)] ?? '';
  const contact = {
    id: any(),
    email: 'anna@acme.example',
    first_name: any(),
    last_name: any(),
    company: any(),
    locale: any(),
    timezone: any(),
  };
  const deal = {
    id: any(),
    title: any(),
    amount: dice.below(100_000),
    currency: any(),
    owner: any(),
    stage: any(),
  };
  return { contact, deal };
}

/** Sections in any number, Liquid in any place where it may stand, words of any script and length. */
function generate(dice: Dice, n: number): string {
  const words = ['Hello', 'Насосы', '価格', 'a'.repeat(1 + dice.below(1_200)), 'x &amp; y', '😀'];
  const some = () => words[dice.below(words.length)] ?? '';
  const inside: readonly (() => string)[] = [
    () => `<mj-text><p>${some()} {{ contact.first_name | default: "you" }}</p></mj-text>`,
    () =>
      `<mj-text>{% if contact.company %}<b>{{ contact.company }}</b>{% else %}${some()}{% endif %}</mj-text>`,
    () =>
      `<mj-button href="https://acme.example/${n}?a={{ contact.company | default: 'x' | url_encode }}">Look</mj-button>`,
    () => '<mj-image src="https://acme.example/a.png" alt="A pump" />',
    () => `<mj-text>{% for i in (1..${1 + dice.below(20)}) %}<p>${some()} {{ i }}</p>{% endfor %}</mj-text>`,
    () => '<mj-divider />',
    () => '<mj-spacer height="20px" />',
  ];
  const section = () =>
    `<mj-section><mj-column>${Array.from({ length: 1 + dice.below(4) }, () => (inside[dice.below(inside.length)] as () => string)()).join('\n')}</mj-column></mj-section>`;
  const kind = dice.below(4) === 0 ? 'transactional: true\nlayout: service' : 'topic: marketing';
  const body = Array.from({ length: 1 + dice.below(5) }, section).join('\n');
  return `---\nsubject: ${n} {{ contact.first_name | default: "you" }} {{ deal.title | default: "" }}\npreheader: {{ contact.company | default: "A line" }}\n${kind}\n---\n${body}\n`;
}

export const isLetterMet = (report: LetterReport): boolean =>
  report.dkimFailed + report.listUnsigned + report.linesTooLong + report.overClip + report.readOtherwise ===
    0 && report.compiles === report.templates;

export const f14 = definePureTrial({
  name: 'F14',
  says: 'every shipped template and 100 generated ones to hostile contacts, parsed back; MJML runs once for each',
  options: { every: 1, generated: 100, contacts: 10, sends: 10_000 },
  run: runLetters,
  isMet: isLetterMet,
});
