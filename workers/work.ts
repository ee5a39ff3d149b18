// What people have to do with, as performing sees it: tasks are made, and colleagues are told of them.
import type { Db } from '../db/connect.ts';
import { openSurvey, readAsking } from '../db/surveys.ts';
import { readTask } from '../db/tasks.ts';
import { reckonFor } from '../engine/people.ts';
import type { Program } from '../engine/plan.ts';
import type {
  ChangeRequest,
  NoticeRequest,
  ReportRequest,
  SurveyRequest,
  TellRequest,
} from '../engine/requests.ts';
import type { Delivery, Facts, Json, Outcome, Reckoning } from '../engine/step.ts';
import { textFor } from '../engine/survey-text.ts';
import type { Mailbox } from '../mail/addresses.ts';
import type { OwnParts } from '../mail/compose.ts';
import { type House, surveyLink, taskLink } from '../mail/marks.ts';
import type { WrittenReport } from '../mail/report-letter.ts';
import { openTaskMaker, type TaskMaker } from './tasks.ts';
import { readChange } from './tell.ts';

export interface NoticeLetter {
  readonly to: Mailbox;
  readonly locale: Json | undefined;
  readonly own: OwnParts;
}

export interface SurveyAsking {
  readonly delivery: Delivery;
  readonly request: SurveyRequest;
  /** Of the contact. */
  readonly time: Reckoning;
  readonly locale: Json | undefined;
  readonly now: number;
}

/** Who makes the reports, and draws them: handed in, because they are made of what cli/ knows. */
export type ReportWriter = (
  db: Db,
  program: Program,
  asked: ReportRequest & { readonly locale: string | null; readonly now: number },
) => Promise<WrittenReport>;

export interface Work {
  readonly makeTask: TaskMaker;
  /** What the mail of this asking says, and its link; or why nobody need be reminded any more. */
  askSurvey(asking: SurveyAsking, house: House): Promise<{ readonly own: OwnParts } | Outcome>;
  /** What the mail says and to whom it goes; or why it need not leave any more. */
  readNotice(request: NoticeRequest, house: House): Promise<NoticeLetter | Outcome>;
  /** What another program is told of a change; or why it need not be told any more. */
  readChange(request: ChangeRequest): Promise<TellRequest | Outcome>;
  /** For people of teams.yaml alone, by their address: events that begin a run may come from anywhere. */
  writeReport(request: ReportRequest, facts: Facts, now: number): Promise<WrittenReport | Outcome>;
}

export function openWork(
  db: Db,
  programOf: () => Promise<Program>,
  writeReport: ReportWriter | null = null,
): Work {
  return {
    async writeReport(request, { contact: { email, locale } }, now) {
      if (writeReport === null) throw new Error('this process was not given who writes reports');
      const program = await programOf();
      if (!isColleague(program, email)) return unaddressable('reports are for people of teams.yaml');
      const reader = { locale: typeof locale === 'string' ? locale : null, now };
      return writeReport(db, program, { ...request, ...reader });
    },
    makeTask: openTaskMaker(db, programOf),
    readChange: (request) => readChange(db, programOf, request),
    async askSurvey({ delivery, request, locale, time, now }, house) {
      const { survey, remind, reminder } = request;
      const { catalogue } = await programOf();
      const asked = catalogue.questions[survey];
      if (asked === undefined) throw new Error(`no survey \`${survey}\` is applied`);
      const known = reminder === undefined ? null : await readAsking(db, reminder);
      if (known !== null && known.answeredAt !== null) return { is: 'withheld', why: 'it was answered' };
      const remindAt = remind === undefined ? null : time.add(now, remind);
      const sendId = known?.id ?? (await openSurvey(db, { ...delivery, survey, remindAt, now }));
      const inLanguage = (texts: { readonly [locale: string]: string }) => textFor(texts, locale);
      const said = {
        question: inLanguage(asked.question),
        low: inLanguage(asked.low),
        high: inLanguage(asked.high),
        reminder: reminder !== undefined,
      };
      return { own: { survey: said, links: { survey: surveyLink(sendId, house) } } };
    },
    async readNotice({ task: id, to, notice }, house) {
      const task = await readTask(db, id);
      if (task?.state !== 'open') return { is: 'withheld', why: 'the task is closed' };
      const program = await programOf();
      const person = program.catalogue.people[to];
      if (person?.email == null) return unaddressable(`${to} has no address in teams.yaml`);
      const { title, notes, dueAt } = task;
      const owner = task.owner === null ? null : (program.catalogue.people[task.owner]?.name ?? task.owner);
      const due = reckonFor(program, to).tell(dueAt);
      return {
        to: { name: person.name, address: person.email },
        locale: person.locale ?? undefined,
        own: {
          task: { title, notes, owner, due, notice, to: person.name },
          links: { task: taskLink(id, to, house) },
        },
      };
    },
  };
}

const unaddressable = (why: string): Outcome => ({
  is: 'refused',
  why,
  reason: 'unaddressable',
  hard: false,
});

function isColleague({ catalogue }: Program, email: Json | undefined): boolean {
  const addresses = Object.values(catalogue.people).map((one) => one.email?.toLowerCase());
  return typeof email === 'string' && addresses.includes(email.toLowerCase());
}
