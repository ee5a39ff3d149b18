// An honest client in a process of its own, so that nobody else's work is measured with it: one event and one look at its
// contact, again and again, each timed. Says the latencies as JSON when its input ends.
import { setTimeout as pause } from 'node:timers/promises';

const [url = '', ingest = '', read = ''] = process.argv.slice(2);
const latencies: number[] = [];
let failed = 0;
let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

async function timed(path: string, key: string, event?: object): Promise<void> {
  const from = performance.now();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(
    `${url}${path}`,
    event === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(event) },
  );
  await answer.text();
  latencies.push(performance.now() - from);
  if (!answer.ok) failed += 1;
}

for (let n = 0; !isOver; n += 1) {
  const contact = { id: `honest-${n % 50}`, email: `honest-${n % 50}@acme.example` };
  const at = new Date().toISOString();
  await timed('/v1/events', ingest, { id: `honest-${n}`, type: 'form.submitted', at, contact });
  await timed(`/v1/contacts/${contact.id}`, read);
  await pause(5);
}
process.stdout.write(JSON.stringify({ latencies, failed }), () => process.exit(0));
