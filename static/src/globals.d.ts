/** Address of the journal's worker, filled in by the bundler. */
declare const JOURNAL_WORKER: string;

/** Address of the worker that stretches passphrases, filled in by the bundler. */
declare const STRETCH_WORKER: string;

/** Address of the terms of what is inside the bundle, filled in by the bundler. */
declare const LICENCES: string;
