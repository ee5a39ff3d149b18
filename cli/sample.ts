// A call that can be pasted into a terminal: one deal comes to a stage at which a workflow begins.
import type { Fields } from '../engine/step.ts';
import type { Compiled } from './definitions.ts';

export function sampleCall(url: string, key: string, { plans, catalogue }: Compiled, now: number): string {
  const entered = plans
    .map(({ enter }) => enter.when as Fields)
    .flatMap((phrase) => (phrase.is === 'stage enters' ? [String(phrase.stage)] : []));
  // The first in the pipeline that anybody waits for: a newcomer's deal is a new one.
  const pipeline = catalogue.pipelines.find(({ stages }) => stages.some((one) => entered.includes(one)));
  const stage = pipeline?.stages.find((one) => entered.includes(one)) ?? catalogue.pipelines[0]?.stages[0];
  const mark = now.toString(36);
  const event = {
    id: `hello-${mark}`,
    type: 'deal.stage_changed',
    at: new Date(now).toISOString(),
    contact: {
      id: `c-${mark}`,
      email: 'anna@acme.example',
      first_name: 'Anna',
      locale: 'en',
      timezone: 'Europe/Berlin',
      consent: { marketing: true },
    },
    deal: {
      id: `d-${mark}`,
      pipeline: pipeline?.name ?? catalogue.pipelines[0]?.name ?? '',
      stage: stage ?? '',
      title: 'Pumps',
      amount: 12_000,
      currency: 'EUR',
      owner: 'olga',
    },
  };
  return [
    `curl ${url}/v1/events \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(event)}'`,
  ].join('\n');
}
