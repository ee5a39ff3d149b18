// What the routes of tasks share: how a body is read, with the first thing that is wrong and its path, and how a task is
// written: times are ISO 8601.
import { z } from 'zod';
import type { KnownTask } from '../db/tasks.ts';
import { problem } from './errors.ts';
import { toText } from './instants.ts';

export const line = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(200, 'is longer than 200 characters');
export const outcome = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a word such as reached: lower-case letters, digits and hyphens');

/** The first thing that is wrong, with its path. */
export function readBody<T>(shape: z.ZodType<T>, value: unknown): T {
  const read = shape.safeParse(value ?? {});
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : null;
  const path = unknown ?? issue?.path.join('.') ?? '';
  throw problem(400, unknown === null ? `${path} ${issue?.message}` : `${path} means nothing here`, { path });
}

export function toTask({ createdAt, dueAt, overdueAt, closedAt, escalatedTo, ...task }: KnownTask): object {
  return {
    ...task,
    escalated_to: escalatedTo,
    created_at: toText(createdAt),
    due_at: toText(dueAt),
    overdue_at: toText(overdueAt),
    closed_at: toText(closedAt),
  };
}
