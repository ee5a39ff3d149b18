// `voronka preview <template>`: a mail as somebody would get it, before anybody does: HTML, text, the whole message, and
// pictures on a desktop and on a phone, by day and by night. Composed and signed by the path of production; nothing is
// sent, and no ledger is needed. The links of the mail are made with a key of the moment and lead nowhere.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Catalogue } from '../engine/catalogue.ts';
import { readCatalogue } from '../engine/declarations.ts';
import { hasErrors } from '../engine/diagnostic.ts';
import { suggest } from '../engine/spelling.ts';
import type { Facts } from '../engine/step.ts';
import { utmFor, writeTags } from '../engine/utm.ts';
import { compose } from '../mail/compose.ts';
import { identify } from '../mail/identity.ts';
import { compileTemplates } from '../mail/library.ts';
import { markDelivery } from '../mail/marks.ts';
import type { Message } from '../mail/message.ts';
import { type CompiledTemplate, chooseLocale } from '../mail/template.ts';
import { toLetter } from '../mail/transport-mime.ts';
import { findChromium, type Shot, takePictures } from './chromium.ts';
import { defineCommand } from './command.ts';
import { type Config, readConfig } from './config.ts';
import { readSources } from './definitions.ts';
import { findFolder, readFolder } from './folders.ts';
import { formats } from './formats.ts';
import { sample, sampleOwn } from './preview-sample.ts';
import { readContactFile } from './simulate-file.ts';
import { complaint, type Streams } from './streams.ts';

interface Options {
  readonly contact?: string;
  readonly locale?: string;
  readonly out: string;
  readonly templates?: string;
  readonly workflows?: string;
  readonly json?: boolean;
}

const widths = { wide: 1280, desktop: 640, phone: 390 } as const;
const schemes = ['light', 'dark'] as const;

export const preview = defineCommand<Options>({
  summary: 'write a mail as somebody would get it: HTML, text, source and pictures',
  example: 'voronka preview welcome --contact anna.yaml --locale ru --out preview',
  options: (command) =>
    command
      .argument('<template>', 'its name, without locale and ending')
      .option('--contact <file>', 'YAML or JSON: contact and deal; without it somebody is made up')
      .option('--locale <locale>', "as if the contact had it; without it the contact's, or all there are")
      .option('--out <folder>', 'where it goes', 'preview')
      .option('--workflows <folder>', 'where the declarations are')
      .option('--templates <folder>', 'where the templates are')
      .option('--json', 'as JSON'),
  run: async (options, [name = ''], streams) => {
    const config = readConfig(streams.env);
    const { templates, facts, catalogue } = await compileOne(name, options, config, streams);
    mkdirSync(options.out, { recursive: true });
    const written = [];
    for (const template of pick(templates, name, options, facts))
      written.push(await write(template, facts, { config, catalogue, out: options.out }));
    const chromium = findChromium(config.chromiumPath);
    if (chromium === null)
      streams.err.write('No Chromium here, so no pictures: install it, or say where with CHROMIUM_PATH.\n');
    else
      for (const one of written) {
        streams.err.write(`pictures of ${one.stem} ...\n`);
        one.pictures.push(...(await picture(chromium, one.html, join(options.out, one.stem))));
      }
    streams.out.write(
      options.json ? `${JSON.stringify({ name, chromium, mails: written }, null, 2)}\n` : tell(written),
    );
    return 0;
  },
});

/** The template and what it needs, compiled; every problem of it as a complaint. */
async function compileOne(name: string, options: Options, config: Config, { err }: Streams) {
  const folder = findFolder(options.templates ?? config.templates, 'templates');
  const sources = readSources(findFolder(options.workflows ?? config.workflows, 'workflows'), folder);
  const { catalogue } = readCatalogue(sources.workflows, {});
  const letters = readFolder(folder, ['.mjml', '.txt']);
  const all = letters.map(({ path, text }) => ({ path: relative(folder, path).replaceAll('\\', '/'), text }));
  const wanted = all.filter(({ path }) => path.includes('/') || path.split('.')[0] === name);
  if (!wanted.some(({ path }) => !path.includes('/'))) {
    const names = all.filter(({ path }) => !path.includes('/')).map(({ path }) => path.split('.')[0] ?? '');
    throw complaint(
      2,
      `There is no template "${name}" in ${folder}. ${suggest(name, [...new Set(names)]) ?? ''}`.trim(),
    );
  }
  const { facts: known, policy } = catalogue;
  const library = await compileTemplates(wanted, known, Object.keys(policy.topics), undefined, policy.brand);
  const text = formats.text?.(library.diagnostics, wanted) ?? '';
  if (hasErrors(library.diagnostics)) throw complaint(1, `${text}Nothing was written.`);
  if (text !== '') err.write(text);
  const file = options.contact === undefined ? sample : readContactFile(options.contact, catalogue);
  const contact = { id: 'preview', email: 'anna@acme.example', ...file.contact };
  const deal = file.deal === undefined ? null : { id: 'preview', ...file.deal };
  return { templates: library.templates, facts: { contact, deal }, catalogue };
}

function pick(
  templates: readonly CompiledTemplate[],
  name: string,
  { locale }: Options,
  { contact }: Facts,
): readonly CompiledTemplate[] {
  const wanted = locale ?? (typeof contact.locale === 'string' ? contact.locale : null);
  if (wanted === null) return templates;
  const chosen = chooseLocale(templates, name, wanted);
  return chosen === null ? [] : [chosen];
}

interface Written {
  readonly stem: string;
  readonly locale: string;
  readonly subject: string;
  /** Of the HTML part. */
  readonly bytes: number;
  readonly html: string;
  readonly text: string;
  readonly source: string;
  readonly pictures: string[];
}

async function write(
  template: CompiledTemplate,
  facts: Facts,
  { config, catalogue, out }: { config: Config; catalogue: Catalogue; out: string },
): Promise<Written> {
  const message = composeFor(template, facts, config, catalogue);
  const stem = template.locale === 'default' ? template.name : `${template.name}.${template.locale}`;
  const path = (ending: string) => join(out, `${stem}.${ending}`);
  const written = { html: path('html'), text: path('txt'), source: path('eml') };
  writeFileSync(written.html, message.html);
  writeFileSync(written.text, message.text);
  writeFileSync(written.source, (await toLetter(message, config.dkim)).body);
  const { subject } = message;
  return {
    stem,
    locale: template.locale,
    subject,
    bytes: Buffer.byteLength(message.html),
    ...written,
    pictures: [],
  };
}

function composeFor(
  template: CompiledTemplate,
  facts: Facts,
  config: Config,
  { policy, questions }: Catalogue,
): Message {
  const identity = identify(config.identity, policy, template.topic);
  const house = {
    publicUrl: config.publicUrl ?? 'https://mail.example',
    domain: identity.domain,
    bounceDomain: config.bounceDomain,
    keys: [{ id: 'preview', secret: randomBytes(32).toString('hex') }],
  };
  const delivery = {
    id: '1',
    contactId: '1',
    topic: template.topic,
    workflow: 'preview',
    node: template.name,
  };
  const marks = markDelivery(delivery, house);
  const asked = Object.values(questions).find((one) => one.template === template.name);
  const own = sampleOwn(house.publicUrl, asked, template.locale);
  const subject = { workflow: 'preview', step: template.name, template: template.name };
  const tags = writeTags(utmFor(policy, template.topic), {
    ...subject,
    topic: template.topic ?? 'transactional',
  });
  const message = compose({ template, facts, marks, own, tags, identity, delivery, now: Date.now() });
  if ('is' in message) throw complaint(1, `No mail can go to this contact: ${message.why}.`);
  return message;
}

async function picture(chromium: string, html: string, stem: string): Promise<string[]> {
  const shots = Object.entries(widths).flatMap(([device, width]) =>
    schemes.map((scheme): Shot & { path: string } => ({
      ...{ file: resolve(html), width, scheme, path: `${stem}.${device}.${scheme}.png` },
      scale: device === 'phone' ? 2 : 1,
    })),
  );
  const pictures = await takePictures(chromium, shots);
  pictures.forEach((png, n) => {
    writeFileSync(shots[n]?.path ?? '', png);
  });
  return shots.map((shot) => shot.path);
}

function tell(written: readonly Written[]): string {
  return written
    .map(({ stem, subject, bytes, html, text, source, pictures }) =>
      [
        `${stem}: ${subject} (${bytes.toLocaleString('en')} bytes)`,
        ...[html, text, source, ...pictures].map((path) => `  ${path}`),
      ].join('\n'),
    )
    .join('\n')
    .concat('\n');
}
