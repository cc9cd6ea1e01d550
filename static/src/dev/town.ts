// Made-up records for the dev page: one day in Sjöberga. Never in the product.
import type { Rec, Session } from '../core/api';

const now = Date.now();
const day = 86_400_000;
const at = (days: number, hour: number, minute = 0) => new Date(now + days * day).setHours(hour, minute, 0, 0);
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const listAt = at(0, 7, 10);

export const people: Record<string, Session> = {
  kim: person('kim', 'Kim Strandvik', 'Husvärd', 'caretaker', 'sjobergahem', ['hem-norr']),
  jonna: person('jonna', 'Jonna Ekered', 'Samordnare', 'coordinator', 'sjobergahem', ['hem-norr']),
  maj: person('maj', 'Maj Ahlberg', 'Hyreskrav', 'collections', 'sjobergahem', ['hem-norr']),
  samira: person('samira', 'Samira Holmén', 'Socialsekreterare', 'social_worker', 'sjoberga-soc', ['soc-vrak']),
};

function person(id: string, name: string, title: string, role: string, org: string, units: string[]): Session {
  const landlord = org === 'sjobergahem';
  return {
    person: { id, name, title, phone: '070-174 06 11', role, units },
    org: { id: org, name: landlord ? 'Sjöbergahem' : 'Socialtjänsten i Sjöberga', kind: landlord ? 'landlord' : 'social_services' },
    device: '00000000-0000-4000-8000-000000000000',
    demo: true,
    keeps: true,
    version: 'dev',
  };
}

interface Household {
  id: string;
  street: string;
  floor: string;
  names: string[];
  time: number | null;
  reasons: { id: string; n?: number; date?: string }[];
  more?: Record<string, unknown>;
  contact?: Record<string, unknown>;
  debt?: number;
}

const households: Household[] = [
  { id: 'nadia', street: 'Björkgatan 7', floor: '2 tr', names: ['Nadia Alström'], time: at(0, 14, 30), debt: 1_496_000,
    reasons: [{ id: 'eviction_near', n: 6, date: iso(at(6, 9)) }, { id: 'children' }, { id: 'unreached', n: 3 }],
    more: { apartment: '1203', door_code: '4471', door_hint: 'Dörren till höger', language: 'ar', interpreter: 'Telefontolk, kod 5512', safety: 'Stor hund i hallen. Be att den stängs in innan ni går in.', children: true, adults: 2 },
    contact: { people: ['kim', 'jonna'], purpose: 'home_visit', message: 'Jonna möter dig i porten.' } },
  { id: 'love', street: 'Björkgatan 7', floor: '4 tr', names: ['Love Hedenby'], time: at(0, 15, 0), debt: 712_500, reasons: [{ id: 'young', n: 19 }, { id: 'first_time_late' }] },
  { id: 'gunvor', street: 'Källargränd 3', floor: 'nb', names: ['Gunvor Tallmark'], time: at(0, 15, 20), debt: 640_000, reasons: [{ id: 'older', n: 71 }] },
  { id: 'tesfay', street: 'Mossvägen 12', floor: '1 tr', names: ['Tesfay Almlöv'], time: at(0, 15, 45), debt: 801_000, reasons: [{ id: 'newly_moved_in' }], contact: { moved: { from: at(0, 14, 0), by: 'jonna', at: at(0, 11, 40) } } },
  { id: 'mirja', street: 'Mossvägen 20', floor: '3 tr', names: ['Mirja Kallbro', 'Ove Kallbro'], time: at(0, 16, 30), debt: 1_602_050, reasons: [{ id: 'children' }], more: { children: true, adults: 2 } },
  { id: 'skyddad', street: 'Granstigen 4', floor: '1 tr', names: ['Alex Ekmark'], time: at(0, 17, 0), debt: 590_000, reasons: [{ id: 'first_time_late' }], more: { protected: true } },
  { id: 'ronn', street: 'Rönnbärsgatan 5', floor: 'nb', names: ['Siv Lindgren'], time: at(0, 15, 10), reasons: [], contact: { cancelled: { because: 'paid', as_of: at(0, 13, 15), by: 'jonna', at: at(0, 13, 16) } } },
  { id: 'tall2', street: 'Tallvägen 2', floor: '1 tr', names: ['Arne Sjöholm'], time: at(0, 9, 0), debt: 610_000, reasons: [{ id: 'first_time_late' }], contact: { outcome: { answer: 'met', at: at(0, 9, 10), by: 'kim' } } },
  { id: 'tall6', street: 'Tallvägen 6', floor: 'nb', names: ['Britt Ekdal'], time: at(0, 9, 30), debt: 655_000, reasons: [{ id: 'unreached', n: 2 }], contact: { outcome: { answer: 'nobody_home', note_left: true, at: at(0, 9, 40), by: 'kim' }, next_at: at(1, 17, 30) } },
  { id: 'lingon', street: 'Lingonstigen 3', floor: '2 tr', names: ['Ines Sandhamre'], time: null, debt: 720_000, reasons: [{ id: 'unreached', n: 1 }] },
];

const records: Rec[] = [];
const add = (kind: string, id: string, f: Record<string, unknown>) =>
  records.push({ org: 'sjobergahem', id, kind, f, n: Object.fromEntries(Object.keys(f).map((k) => [k, 1])), unsent: false });

function household(h: Household, rank: number): void {
  add('household', h.id, { street: h.street, floor: h.floor, postcode: '123 45', city: 'Sjöberga', adults: 1, children: false, contract: `1-${1000 + rank}`, ...h.more });
  h.names.forEach((name, i) => add('person', `${h.id}-p${i}`, { household: h.id, name, position: i ? 'co_tenant' : 'tenant', phone: '070-174 06 35', born: 1980 }));
  const reasons = h.debt && h.debt > 1_200_000 ? [{ id: 'two_rents', n: 2 }] : [];
  add('case', `${h.id}-c`, {
    household: h.id, unit: 'hem-norr', reason: 'arrears', status: 'open', opened: iso(at(-20, 9)), stage: 'home_visit', first_time_late: h.reasons.some((r) => r.id === 'first_time'),
    rent: { state: h.debt ? 'unpaid' : 'paid', as_of: listAt }, rank, priority: h.reasons, debt_reasons: reasons,
    debt: h.debt ? { capital: h.debt, costs: 18_000, months: h.debt > 1_200_000 ? 2 : 1, as_of: listAt } : null,
    eviction_at: h.id === 'nadia' ? at(6, 9) : null, attempts: h.id === 'nadia' ? 3 : 0,
  });
  if (h.debt) add('claim', `${h.id}-k`, { household: h.id, case: `${h.id}-c`, contract: `1-${1000 + rank}`, due_month: iso(now).slice(0, 7), due: iso(at(-19, 9)), capital: h.debt, costs: 18_000, as_of: listAt, state: 'open' });
  if (h.time) add('contact', `${h.id}-v`, { household: h.id, case: `${h.id}-c`, form: 'visit', purpose: 'home_visit', planned_at: h.time, people: ['kim'], outcome: null, cancelled: null, ...h.contact });
}

function rest(): void {
  for (const s of Object.values(people)) {
    const { name, title, phone, role, units } = s.person;
    add('colleague', s.person.id, { name, title, phone, role, units, active: true });
  }
  add('colleague', 'peder', { name: 'Peder Sandås', title: 'Samordnare', phone: '070-174 06 22', role: 'coordinator', units: ['hem-norr'], active: true });
  add('colleague', 'alva', { name: 'Alva Lindroos', title: 'Husvärd', phone: '070-174 06 23', role: 'caretaker', units: ['hem-norr'], active: true });
  add('unit', 'hem-norr', { name: 'Norr', phone: '0123-456 70' });
  add('unit', 'soc-vrak', { name: 'Vräkningsförebyggande teamet', phone: '0123-456 80' });
  add('agreement', 'agreement-1', {
    landlord_org: 'sjobergahem', landlord_name: 'Sjöbergahem', social_org: 'sjoberga-soc', social_name: 'Socialtjänsten i Sjöberga', unit: 'soc-vrak',
    unit_name: 'Vräkningsförebyggande teamet', unit_phone: '0123-456 80', emergency_phone: '0123-456 99', interpreter_phone: '0123-456 60', place: 'Sjöberga',
    wording: { id: 'samtycke', version: 1, language: 'sv', title: 'Samtycke', body: 'Jag går med på att Vräkningsförebyggande teamet pratar med dem jag har kryssat i om min boendesituation.\nDet gäller hyran, boendet och det stöd jag behöver.', withdraw: 'Du kan ta tillbaka ditt ja när du vill. Då slutar det gälla direkt.', hash: 'abc' },
  });
  add('roster', 'roster-1', { unit: 'soc-vrak', person: 'samira', from: at(-1, 0), to: at(8, 0) });
  add('late_list', 'list-1', { file_name: 'sena-betalare.csv', as_of: listAt, taken_at: listAt, taken_by: 'jonna', partial: false, counts: { rows: 320, new: 12, changed: 4, unchanged: 300, gone: 3, rejected: 1 } });
  add('note', 'note-1', { household: 'nadia', case: 'nadia-c', contact: null, text: 'Ringt två gånger, inget svar.', at: at(-7, 10), by: 'jonna' });
  add('conflict', 'conflict-1', {
    kind: 'contact', record: 'tall6-v', field: 'outcome', rule: 'contact.outcome', state: 'open', choice: null, settled: null,
    versions: [{ commit: 'c1', v: { answer: 'met', at: at(0, 9, 44), by: 'jonna' }, by: 'jonna', at: at(0, 9, 44) }, { commit: 'c2', v: { answer: 'nobody_home', note_left: true, at: at(0, 9, 40), by: 'kim' }, by: 'kim', at: at(0, 9, 40) }],
  });
  add('alert', 'alert-1', { household: 'nadia', case: 'nadia-c', unit: 'soc-vrak', about: 'eviction_set', raised: at(0, 8, 30), people: ['samira'], seen: null });
  add('eviction', 'eviction-1', { household: 'nadia', case: 'nadia-c', at: at(6, 9), state: 'set', source: 'authority' });
}

/** Everything that exists in the made-up town. */
export function town(): Rec[] {
  if (records.length === 0) {
    households.forEach(household);
    rest();
  }
  return records;
}
