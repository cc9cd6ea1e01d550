import type { Item } from '../../core/api';

/** What was written in words, so that it can be read and saved from loss. */
export const wordsOf = (item: Pick<Item, 'changes'>): string =>
  item.changes.flatMap(({ fields }) => [fields.text, fields.message]).filter((v): v is string => typeof v === 'string').join('\n');
