// The reports by name, in the order in which a funnel is looked at: what `report:` and `voronka report` may ask for.
export const reportNames = ['funnel', 'stages', 'forecast', 'value', 'costs', 'nps', 'workflows'] as const;
export type ReportName = (typeof reportNames)[number];
