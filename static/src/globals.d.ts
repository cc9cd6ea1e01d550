/** Address of the journal's worker, filled in by the bundler. */
declare const JOURNAL_WORKER: string;
