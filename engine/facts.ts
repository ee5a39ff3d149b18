// The facts that every install has, beside which facts.yaml declares its own. Instants are epoch milliseconds where
// the ledger keeps them, ISO text where they came in as a field.
import type { FieldTypes } from './catalogue.ts';

export const builtInFacts: { readonly contact: FieldTypes; readonly deal: FieldTypes } = {
  contact: {
    id: 'text',
    email: 'text',
    first_name: 'text',
    last_name: 'text',
    company: 'text',
    locale: 'text',
    timezone: 'text',
    /** No marketing mail before it. */
    paused_until: 'instant',
    /** No marketing mail before it, or before the task is closed that holds it. */
    held_until: 'instant',
    /** When the last task that holds its mail was asked for. */
    held_since: 'instant',
    consent: { '*': 'boolean' },
    score: { fit: 'number', engagement: 'number', total: 'number', grade: 'text' },
    reached: {},
    created_at: 'instant',
    surveyed_at: 'instant',
  },
  deal: {
    id: 'text',
    pipeline: 'text',
    stage: 'text',
    stage_at: 'instant',
    title: 'text',
    amount: 'number',
    currency: 'text',
    owner: 'text',
    predicted: { win: 'number' },
    created_at: 'instant',
    updated_at: 'instant',
  },
};
