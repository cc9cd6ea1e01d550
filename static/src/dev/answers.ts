// Made-up answers of the HTTP interface, for the dev page.
import { town } from './town';

const row = (n: number) => ({ row: n, claim: `claim-${n}`, contract: `1-${1000 + n}`, name: 'Nadia Alström', street: 'Björkgatan 7', dueMonth: '2026-10', capital: 712_500, costs: 6_000 });
const proposal = {
  id: 'p1', fileName: 'sena-betalare.csv', asOf: Date.now() - 3_600_000, partial: false, rows: 320,
  new: [row(2), row(3), row(4)], changed: [{ ...row(5), before: { ...row(5), capital: 690_000 } }], unchanged: 310,
  gone: [{ ...row(6), contacts: [{ id: 'ronn-v', at: Date.now() + 3_600_000, form: 'visit', people: ['kim'] }] }],
  rejected: [{ row: 17, reason: 'Förfallomånaden 2026-16 finns inte.', code: 'bad_month', text: '1-1017;Björkgatan 9;2026-16;7125,00' }],
};

export const answers: Record<string, unknown> = {
  '/api/imports': town().length ? proposal : [],
  '/api/imports/p1': proposal,
  '/api/imports/p1/confirm': { late_list: 'list-1', rows: 320, new: 3, changed: 1, unchanged: 310, gone: 1, rejected: 1 },
  '/api/method': {
    profile: 'modell', name: 'Modellen', due: '2026-10-30', today: '2026-11-18', day: 19,
    steps: [
      { day: 2, id: 'reminder', title: { sv: 'Påminnelse', en: 'Reminder' }, count: 214 },
      { day: 7, id: 'call', title: { sv: 'Samtal', en: 'Call' }, count: 78 },
      { day: 19, id: 'visit', title: { sv: 'Hembesök', en: 'Home visit' }, count: 23 },
      { day: 24, id: 'meeting', title: { sv: 'Samverkan', en: 'Meeting' }, count: 14 },
      { day: 28, id: 'authority', title: { sv: 'Kronofogden', en: 'Enforcement' }, count: 5 },
    ],
  },
  '/api/why/access': {
    title: 'Vem ser vad', markdown: '# Vem ser vad\n\nDen här tabellen är programmet.',
    rows: [{ group: 'note', sv: 'anteckningar', en: 'notes', cells: { caretaker: 'assigned/append', coordinator: 'own-unit/append', collections: 'never' } }],
  },
  '/api/why/rules': { title: 'Vem vinner', markdown: '', rows: [{ id: 'contact.outcome', kind: 'contact', fields: ['outcome'], word: 'ask', wins: 'Två svar om samma besök: människorna väljer.' }] },
  '/api/why/method': { title: 'Modellen', markdown: '', rows: [{ id: 'eviction_near', shown_to: 'visitors', text: { sv: 'Avhysning om {days} dagar', en: 'Eviction in {days} days' } }] },
};
