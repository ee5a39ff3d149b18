// The call that a newcomer pastes: a new deal at a stage that somebody waits for, of a contact for whom it is day.
import { expect, it } from 'vitest';
import { sampleCall } from '../../cli/sample.ts';
import { compileDefinitions, greetingFile, pipelinesFile } from '../harness/definitions.ts';

const hourMs = 3_600_000;

it('the first call is about somebody who may be written to at this hour, whatever the hour and season', async () => {
  const { definitions, catalogue } = await compileDefinitions([pipelinesFile, greetingFile]);
  for (const day of [Date.UTC(2026, 0, 14), Date.UTC(2026, 6, 15)])
    for (let hour = 0; hour < 24; hour += 1) {
      const call = sampleCall(
        'http://127.0.0.1:3000',
        'vk_1',
        { ...definitions, catalogue },
        day + hour * hourMs,
      );
      const { contact } = JSON.parse(/-d '(.*)'$/s.exec(call)?.[1] ?? '{}');
      const local = new Date(day + hour * hourMs).toLocaleTimeString('en-GB', { timeZone: contact.timezone });
      expect(local >= '09:00:00' && local < '18:00:00', `${hour}:00 UTC is ${local} there`).toBe(true);
    }
});
