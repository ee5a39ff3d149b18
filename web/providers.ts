// POST /v1/mail/<ses|sendgrid|postmark|mailgun>: what a mail provider tells of our mails, taken as bounces that come by mail are.
// No API key: the provider's own signature proves it. 401: unproved, with the reason; 400: a body that cannot be read; 406: a
// proof that was used before, which Mailgun then no longer repeats. Of a list the known ones are taken. The same again changes
// nothing. Nothing of the body is logged.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { takeLeaves, takeReports } from '../db/incoming.ts';
import { closest } from '../engine/spelling.ts';
import type { Call, FindCertificate, Notices, Provider } from '../mail/providers/provider.ts';
import { identifyNotices, providers } from '../mail/providers.ts';
import { ring } from './bell.ts';
import { createCertificates, unreachable } from './certificates.ts';
import type { WebDeps } from './deps.ts';
import { problem, tooMany } from './errors.ts';
import { findFlaw, parseJson } from './json.ts';
import { createBuckets } from './rate.ts';

type Request = FastifyRequest<{ Params: { provider: string }; Body: Buffer | undefined }>;

/** Proofs that are good once. What falls out after so many is stale, or changes nothing when it comes again. */
const MOST_USED = 50_000;

const oncePerMinute = { perSecond: 1 / 60, burst: 1 };

export function addProviders(scope: FastifyInstance, deps: WebDeps): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request: unknown, body: Buffer, done) =>
    done(null, body),
  );
  const find = createCertificates(deps);
  const buckets = createBuckets(deps.limits.rate, deps.ticks);
  const said = createBuckets(oncePerMinute, deps.ticks);
  // Nobody looks at what a provider is told: it stands in the log too, but a stranger cannot fill it.
  const warn = (provider: string, why: string) => {
    if (said.take(provider) === 0)
      deps.log.warn({ provider, why }, 'a notice about mails was not proved; said once a minute');
  };
  const used = new Set<string>();
  scope.post('/mail/:provider', async (request: Request) => {
    const provider = findProvider(request.params.provider, deps);
    const call = callOf(request, await deps.clock.now(), deps);
    const once = await prove(provider, call, deps, { find, warn });
    if (once !== null && used.has(once)) throw problem(406, 'This token was used before. Nothing was taken.');
    const read = provider.read(call);
    // After the proof: a stranger must not use up what the provider may send.
    const waitMs = buckets.take(provider.name, read.notices.length || 1);
    if (waitMs > 0) throw tooMany(waitMs);
    refuseUnreadable(read);
    if (read.visit !== undefined) return confirm(provider, read.visit, deps);
    const answer = await take(provider, read, call.now, deps);
    // Not before it is taken: what failed comes again with the same proof.
    if (once !== null) remember(used, once);
    return answer;
  });
}

function findProvider(name: string, { providerKeys }: WebDeps): Provider {
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) {
    const names = providers.map((one) => one.name);
    const near = closest(name, names);
    const hint = near === null ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
    throw problem(404, `No mail provider of this name is known. ${hint}`);
  }
  if (provider.isSetUp(providerKeys)) return provider;
  throw problem(401, `This provider is not set up here: set ${provider.setting}.`);
}

function callOf({ headers, body = Buffer.alloc(0) }: Request, now: number, { limits }: WebDeps): Call {
  let parsed: { readonly value: unknown } | undefined;
  return {
    header: (name) => String(headers[name] ?? ''),
    body,
    json() {
      parsed ??= { value: parse(body.toString('utf8'), limits.bodyBytes) };
      return parsed.value;
    },
    now,
  };
}

function parse(text: string, most: number): unknown {
  const parsed = parseJson(text);
  if ('wrong' in parsed) throw problem(400, parsed.wrong);
  const flaw = findFlaw(parsed.value, { depth: 32, keys: 100_000, text: most });
  if (flaw !== null) throw problem(400, flaw.reason);
  return parsed.value;
}

async function prove(
  provider: Provider,
  call: Call,
  { providerKeys }: WebDeps,
  { find, warn }: { find: FindCertificate; warn(provider: string, why: string): void },
): Promise<string | null> {
  const proof = await provider.prove(call, providerKeys, find);
  if (proof.is === 'proved') return proof.once ?? null;
  warn(provider.name, proof.why);
  throw problem(401, proof.why);
}

function refuseUnreadable({ notices, ignored, unread, visit }: Notices): void {
  const [first] = unread;
  if (first === undefined || notices.length > 0 || ignored > 0 || visit !== undefined) return;
  throw problem(400, `It cannot be read: ${first.reason}`, { path: first.path });
}

async function confirm(provider: Provider, url: string, { fetchText, log }: WebDeps) {
  const page = await fetchText(url).catch(() => {
    throw unreachable();
  });
  if (page === null)
    throw problem(400, 'The confirmation was refused: its time may be over. Ask for another.');
  log.info({ provider: provider.name }, 'a subscription to notices about mails was confirmed');
  return { confirmed: true };
}

async function take(provider: Provider, { notices, ignored, unread }: Notices, now: number, deps: WebDeps) {
  const { db, linkKeys, log } = deps;
  const ours = identifyNotices(notices, linkKeys);
  const reports = ours.flatMap(({ is, ...one }) => (is === 'leaves' ? [] : [{ ...one, is }]));
  const leaving = ours.filter(({ is }) => is === 'leaves').map((one) => one.deliveryId);
  const how = `told by ${provider.name}`;
  const news = (await takeReports(db, reports, now)) + (await takeLeaves(db, leaving, { how, now }));
  if (ours.length > 0) ring(deps, 'advance');
  const counts = { told: notices.length, ours: ours.length, news, ignored, unread: unread.length };
  log.info({ provider: provider.name, ...counts }, 'a provider told of mails');
  return { ...counts, unread: unread.slice(0, 20) };
}

function remember(used: Set<string>, once: string): void {
  for (const oldest of used) {
    if (used.size < MOST_USED) break;
    used.delete(oldest);
  }
  used.add(once);
}
