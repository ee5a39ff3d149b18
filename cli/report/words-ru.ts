// The Russian of the reports.
import { figuresOf } from './figures.ts';
import type { ReportWords } from './wording.ts';

const notEnough = 'пока мало данных';
const shareSign = '\u00a0%';
/** With a dash between, and the sign of the share once; signs before figures make that unreadable. */
function range(low: string, high: string): string {
  if (/[-−+]/.test(low + high)) return `от ${low} до ${high}`;
  return `${high.endsWith(shareSign) && low.endsWith(shareSign) ? low.slice(0, -shareSign.length) : low}–${high}`;
}
const figures = figuresOf({ lang: 'ru', range, notEnough, dates: true, shareSign });
const { say, percent, points, span } = figures;
const plural = new Intl.PluralRules('ru');
/** 1 сделка, 2 сделки, 5 сделок. */
const count = (n: number, one: string, few: string, many: string) =>
  `${say(n)} ${{ one, few, many, other: few, two: few, zero: many }[plural.select(n)]}`;
const deals = (n: number) => count(n, 'сделка', 'сделки', 'сделок');
const unitOf = { 'of value': 'по сумме', deals: 'сделок' };
const trends = { rising: 'растёт', falling: 'падает', 'no trend seen': 'не видно' };
const verdicts = { better: 'лучше', worse: 'хуже', 'no difference seen': 'разницы не видно' };

export const ru: ReportWords = {
  ...figures,
  lang: 'ru',
  titles: {
    funnel: 'Воронка',
    stages: 'Этапы',
    forecast: 'Прогноз',
    value: 'Ценность сделок',
    costs: 'Затраты',
    nps: 'NPS',
    workflows: 'Сценарии',
  },
  letter: {
    subject: 'Воронка за неделю',
    why: 'Вы получаете это письмо, потому что его для вас заказали в вашей компании: `voronka report weekly --stop` его отменит.',
  },
  reports: 'Отчёты',
  notEnough,
  notSaid: 'не указано',
  notKnown: '(неизвестно)',
  about: {
    all: 'все сделки',
    begun: (period) => `сделки, начатые за ${period}`,
    asOf: (day) => `на ${day}`,
    currency: (code) => `суммы в ${code}`,
    lastDays: (days) => `опрошенные за последние ${count(days, 'день', 'дня', 'дней')}`,
  },
  funnel: {
    title: 'От этапа к этапу',
    chart: (group) => `Сколько сделок дошло до этапа${group === null ? '' : `: ${group}`}`,
    columns: [
      'этап',
      'дошло',
      'прошло',
      'потеряно',
      'в работе',
      'из решённых',
      '95 %',
      'потеря, сумма',
      '95 %',
    ],
    bottleneck: (stage) => `${stage} (узкое место)`,
    deals: (found, rate) =>
      `${deals(found.deals)}: выиграно ${say(found.won)}, потеряно ${say(found.lost)}, в работе ${say(found.open)}; ${rate}.`,
    won: (rate) =>
      rate === null
        ? 'ни одна ещё не закрыта'
        : `из закрытых выиграно ${percent(rate.value)} (${span(rate, percent)})`,
    unpriced: (n) => `Без суммы ${deals(n)}: в числе они есть, веса не имеют.`,
    onward: (share, isBottleneck) =>
      `${percent(share.value)} из решённых прошли дальше (${span(share, percent)})${isBottleneck ? ': узкое место' : ''}`,
    fewLost: (lost, needed) => `Узкое место: пока мало данных: потеряно ${deals(lost)}, нужно ${needed}.`,
    noAmounts: 'Узкое место: пока мало данных: ни у одной потерянной сделки нет суммы.',
    noneStandsOut: (candidates) =>
      `Узкое место: ни один этап не выделяется; это может быть ${candidates.join(' или ')}.`,
    named: ({ stage, loss, shareOfLoss, lead, over, smallestRate }, unit) =>
      `Узкое место: ${stage}. Здесь теряется ${say(loss.value)} ${unitOf[unit]} (${span(loss)}), ${percent(shareOfLoss)} всех потерь ` +
      `до выигрыша; это на ${say(lead.value)} (${span(lead)}) больше, чем на этапе ${over}. Самая низкая конверсия у этапа ${smallestRate}.`,
    byNumber: (priced, lost) =>
      `Взвешено по числу: ${priced === 0 ? 'ни у одной потерянной сделки нет суммы' : `сумма есть только у ${say(priced)} из ${say(lost)} потерянных`}.`,
    passedOver: (stages) =>
      `Ни одна сделка не стояла на этапах ${stages.join(', ')}: учтённые там их миновали.`,
  },
  stages: {
    title: 'Время на этапе',
    chart: 'Медиана времени на этапе, дней',
    columns: ['этап', 'заходов', 'в работе', 'четверть ушла', 'медиана', '95 %', 'три четверти'],
    lead: 'Дни; сделки, которые ещё стоят на этапе, учтены как незаконченные.',
    cycle: (median) =>
      `От первого этапа до закрытия, медиана: ${median === null ? 'пока мало данных: половина сделок не закрыта' : `${median.text} (${median.interval})`}.`,
    velocity: (velocity) =>
      `Скорость: ${velocity === null ? notEnough : `${say(velocity.value)} по сумме в день (${span(velocity)})`}.`,
    days: ({ text, interval }) => `${text} дн. (${interval})`,
  },
  forecast: {
    title: 'Из открытых сделок',
    chart: (unit) =>
      unit === 'deals' ? 'Сколько открытых сделок будет выиграно' : 'Сумма из открытых сделок',
    columns: ['месяц', 'прогноз', '95 %', 'ошибка раньше', 'интервал сбылся', 'прогнозов раньше'],
    fewMonths: (months, won, needed) =>
      `Пока мало данных: история за ${count(months, 'месяц', 'месяца', 'месяцев')}, выиграно ${deals(won)}; нужны ${count(needed.months, 'месяц', 'месяца', 'месяцев')} истории и ${count(needed.won, 'выигранная', 'выигранные', 'выигранных')} за них.`,
    open: (n, value) =>
      `В работе ${deals(n)}${value === null ? ', ни у одной нет суммы' : ` на ${say(value)}`}`,
    brings: (months, value, unit) =>
      `за ${count(months, 'месяц', 'месяца', 'месяцев')} они принесут ${say(value.value)} ${unitOf[unit]} (${span(value)}).`,
    unpriced: (n, average) =>
      `Из них без суммы ${deals(n)}: они считаются как средняя выигранная, ${say(average)}.`,
    tooNarrow: (held, of) =>
      `Интервалы здесь слишком узки: из прошлых прогнозов (${of}) сбылось ${held}. Сделки выигрываются не так, как раньше.`,
    lead: 'Сделок, которых ещё нет, здесь нет. Ошибка: того же прогноза из каждого прошлого месяца.',
    month: (number) => `${number}-й месяц`,
    together: 'вместе',
  },
  value: {
    title: 'Закрытые сделки',
    chart: 'Средняя выигранная сделка',
    columns: ['группа', 'выиграно', 'потеряно', 'доля побед', '95 %', 'средняя сделка', '95 %', 'выручка'],
    nobody: 'Ещё никто не купил.',
    customers: (customers, returned, within) =>
      `${count(customers, 'клиент', 'клиента', 'клиентов')}, снова купили ${say(returned)}; в течение года ${within === null ? 'пока мало данных: так долго никого не наблюдали' : `возвращаются ${percent(within.value)} (${span(within, percent)})`}.`,
  },
  costs: {
    source: {
      title: (by) => `По источнику (${by})`,
      chart: 'Цена выигранной сделки по источникам',
      head: 'источник',
    },
    month: { title: () => 'По месяцам', chart: 'Цена выигранной сделки по месяцам', head: 'месяц' },
    columns: [
      'затраты',
      'лиды',
      'за лид',
      'квалифицировано',
      'за квалифицированный',
      '95 %',
      'выиграно',
      'за выигранную',
      '95 %',
      'в работе',
      'выручка на 1 затрат',
    ],
    lead: (currency) =>
      `Лиды: сделки по месяцу, в котором начались; затраты из costs.yaml${currency === null ? '' : `, в ${currency}`}.`,
    open: 'Открытые сделки ещё могут быть выиграны: цена квалифицированного лида и выигранной сделки дана на сегодня и у молодых месяцев снизится.',
    without: (leads, by) =>
      `Не учтено ${count(leads, 'лид', 'лида', 'лидов')}: в costs.yaml нет затрат на их ${by} за их месяц.`,
    unqualified: 'Какие лиды квалифицированы, не сказано: напишите `qualified: <этап>` в costs.yaml.',
    noStage: (stage) =>
      `В этой воронке нет этапа ${stage}, поэтому ни один её лид не считается квалифицированным.`,
    noneYet: 'пока нет',
    over: (cost) => `больше ${say(cost)}`,
    all: 'вместе',
  },
  lifetimes: {
    title: 'Ценность клиента',
    columns: (ages) => ['первая покупка', 'клиентов', ...ages.flatMap((age) => [`за ${age} мес.`, '95 %'])],
    lead: 'Сколько клиент в среднем купил к этому возрасту, считая от первой покупки; учтены только те, кому уже столько.',
    ofAll: 'По всем клиентам, за всё время.',
    none: (months) =>
      `Пока мало данных: никто не купил ${count(months, 'месяц', 'месяца', 'месяцев')} назад или раньше.`,
    anyQuarter: 'все кварталы',
  },
  nps: {
    title: 'Оценка',
    chart: (survey) => `Ответы на опрос ${survey}`,
    columns: ['спросили', 'ответили', 'критики', 'нейтральные', 'сторонники', 'оценка', '95 %'],
    score: (score) => `Оценка: ${score}.`,
    few: (answers, needed) =>
      `пока мало данных: ${count(answers, 'ответ', 'ответа', 'ответов')}, нужно ${needed}`,
    answered: (answered, asked, share) =>
      `Ответили ${say(answered)} из ${say(asked)}${share === null ? '' : ` (${percent(share)})`}.`,
    trend: (trend) =>
      trend.is === 'not enough yet'
        ? `Тренд: пока мало данных (${count(trend.n, 'ответ', 'ответа', 'ответов')} за ${count(trend.periods, 'месяц', 'месяца', 'месяцев')}; нужно ${trend.needed} за 3).`
        : `Тренд: ${trends[trend.is]}, ${points(trend.slope.value)} пункта в месяц (${span(trend.slope, points)}; p = ${trend.p.toFixed(3).replace('.', ',')}).`,
    groups: { detractors: 'Критики', passives: 'Нейтральные', promoters: 'Сторонники' },
    answers: { title: 'Ответы', columns: ['ответ', 'человек', 'из ответивших', '95 %'] },
    months: {
      title: 'По месяцам',
      chart: 'Оценка по месяцам',
      lead: 'По месяцу, в котором спросили. Где меньше 30 ответов, оценки нет.',
      columns: ['месяц', 'спросили', 'ответили', 'оценка', '95 %'],
    },
    segments: {
      title: 'По сегментам',
      chart: 'Оценка по сегментам',
      lead: 'Против остальных: на сколько пунктов выше или ниже всех прочих вместе; интервал учитывает число сравнений.',
      columns: ['сегмент', 'ответили', 'доля ответов', '95 %', 'оценка', '95 %', 'против остальных', '95 %'],
    },
  },
  workflows: {
    title: 'Сценарии',
    chart: 'Доля достигших цели',
    columns: ['сценарий', 'вошло', 'в пути', 'цель', 'из вошедших', '95 %', 'прирост'],
    lead: 'Прирост: доля достигших цели за вычетом той же доли в контрольной группе, отобранной случайно.',
    nobodyEntered: 'никто не вошёл',
    nobodyHeld: 'контрольной группы нет',
    lacking: (lack, needed) =>
      `пока мало данных: ${
        {
          people: `в меньшей группе ${count(lack.n, 'человек', 'человека', 'человек')}, нужно хотя бы ${lack.least}`,
          reached: `цели в обеих группах достигли ${lack.n}, нужно хотя бы ${lack.least}`,
          noise: `изменение на ${lack.n} % ещё не отличить от случайного`,
        }[lack.of]
      }${needed === null ? '' : `; в контрольной группе нужно ${say(needed)}`}`,
    verdict: (is, difference) => `${verdicts[is]}: ${difference}`,
  },
  mails: {
    title: 'Письма, по людям',
    columns: [
      'сценарий',
      'шаблон',
      'получили',
      'открыли',
      'перешли',
      'из получивших',
      '95 %',
      'ответили',
      'отписались',
      'не дошло',
      'жалобы',
      'только машины',
    ],
    said: [
      'Люди, не письма: кто получил три письма одного шаблона, посчитан один раз. Переход доказывает открытие.',
      'Только машины: письмо смотрел сканер или прокси и ни один человек; в открытиях и переходах их нет.',
      'Прочерк: policy.yaml не велит смотреть открытия или переходы этой темы.',
    ],
    none: 'Ни одно письмо ещё не ушло.',
    all: 'все',
  },
};
