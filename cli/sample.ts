// A call that can be pasted into a terminal: one deal comes to a stage at which a workflow begins. Anna lives where it is
// daytime now, so that no quiet hours stand between a newcomer and the first mail.
import type { Fields } from '../engine/step.ts';
import type { Compiled } from './definitions.ts';

export function sampleCall(
  url: string,
  key: string,
  { plans, catalogue }: Pick<Compiled, 'plans' | 'catalogue'>,
  now: number,
): string {
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
      timezone: zoneByDay(now),
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

/** Together they have working hours at every hour of UTC. */
const zones = ['Europe/Berlin', 'America/New_York', 'America/Los_Angeles', 'Asia/Tokyo'];

function zoneByDay(now: number): string {
  const hourIn = (timeZone: string) =>
    Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(now));
  return zones.find((zone) => hourIn(zone) >= 9 && hourIn(zone) < 18) ?? 'UTC';
}
