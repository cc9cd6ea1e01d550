// A small file that a spreadsheet opens: semicolons, quotes, UTF-8 with a mark.
import { saveFile } from '../../ui/save_file';

/** A cell that begins like a formula gets an apostrophe, so that no program runs it. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replace(/"/g, '""')}"`;
}

export const csv = (rows: (string | number)[][]): string =>
  '\uFEFF' + rows.map((row) => row.map(cell).join(';')).join('\r\n') + '\r\n';

/** Hands the text to the browser as a file of its own. */
export const save = (name: string, text: string): void => saveFile(name, new Blob([text], { type: 'text/csv;charset=utf-8' }));
