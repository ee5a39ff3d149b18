// Double opt-in, turned on for the demo where the files do not have it: so that a sign-up by form is seen whole, with the mail
// that asks and the button behind its link. Pure.
import type { Compiled } from '../definitions.ts';

export function askTwice(compiled: Compiled): Compiled {
  const { catalogue } = compiled;
  const { policy } = catalogue;
  const topics = Object.entries(policy.topics);
  if (topics.some(([, { doubleOptIn }]) => doubleOptIn)) return compiled;
  const asked = Object.fromEntries(topics.map(([name, topic]) => [name, { ...topic, doubleOptIn: true }]));
  return { ...compiled, catalogue: { ...catalogue, policy: { ...policy, topics: asked } } };
}
