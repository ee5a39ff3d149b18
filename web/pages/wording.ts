// Every word that the pages behind a mail's links need, as a shape that each language fills.

/** A page that only says something. */
interface Notice {
  readonly title: string;
  readonly lead: string;
  readonly next: string;
}

export interface Words {
  readonly lang: string;
  /** The link is not one of ours, or not whole. */
  readonly cut: Notice;
  /** We failed. */
  readonly failed: Notice;
  readonly leave: {
    title(company: string): string;
    lead(topic: string): string;
    readonly button: string;
    readonly nothing: string;
  };
  readonly left: {
    readonly title: string;
    lead(topic: string, company: string): string;
    readonly late: string;
  };
  /** What one gets, as the object of "send". */
  readonly topics: ReadonlyMap<string, string>;
  topic(name: string): string;
  readonly everything: string;
}
