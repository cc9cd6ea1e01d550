// Made by "go generate ./internal/casework" from schema.go and shape.go. Do not edit.
// A field is missing when this person may not see it, and null when it has no value.

export const ANSWERS = ['met', 'met_other', 'nobody_home', 'refused', 'moved_out', 'no_access', 'postponed', 'says_paid', 'no_answer', 'left_message'] as const;
export type Answer = (typeof ANSWERS)[number];

export const BECAUSES = ['paid', 'removed', 'other'] as const;
export type Because = (typeof BECAUSES)[number];

export const RENT_STATES = ['unpaid', 'paid', 'unknown'] as const;
export type RentState = (typeof RENT_STATES)[number];

export const ROLES = ['caretaker', 'coordinator', 'collections', 'landlord_manager', 'social_worker', 'child_worker', 'social_manager', 'administrator', 'operator'] as const;
export type Role = (typeof ROLES)[number];

export interface Outcome {
  answer: Answer;
  note_left?: boolean;
  at: number;
  by: string;
}

export interface Cancelled {
  because: Because;
  as_of?: number;
  by?: string;
  at: number;
}

export interface Moved {
  from: number;
  by: string;
  at: number;
}

export interface Seen {
  by: string;
  at: number;
}

export interface Rent {
  state: RentState;
  as_of: number;
}

export interface Debt {
  capital: number;
  costs: number;
  months: number;
  as_of: number;
}

export interface Reason {
  id: string;
  date?: string;
  n?: number;
}

export interface LastContact {
  at: number;
  form: string;
  answer: Answer;
}

export interface Counts {
  rows: number;
  new: number;
  changed: number;
  unchanged: number;
  gone: number;
  rejected: number;
}

export interface Wording {
  id: string;
  version: number;
  language: string;
  title: string;
  body: string;
  withdraw: string;
  hash: string;
}

export interface WordingShown {
  id: string;
  version: number;
  language: string;
  hash: string;
}

export interface ConflictVersion {
  commit: string;
  v: unknown;
  by: string;
  at: number;
}

export interface FoundWord {
  v: unknown;
  b?: number;
}

export interface FoundChange {
  kind: string;
  record: string;
  fields: Record<string, FoundWord>;
}

export interface NamedTenant {
  name: string;
  personal_number?: string;
}

export interface LinkedSigner {
  signature: string;
  person: string;
}

export interface ConsentStanding {
  giving: string;
  signature?: string;
  person?: string;
  state: string;
  reasons?: string[];
  by?: string;
}

export interface Evidence {
  hash: string;
  signatures: string[];
  device?: string;
}

export interface OfferedTongue {
  language: string;
  reviewed?: string;
}

export interface Reviewed {
  by: string;
  at: number;
  hash: string;
}

export interface TranslationShown {
  language: string;
  hash: string;
  reviewed: boolean;
}

export interface ColleagueFields {
  name?: string | null;
  title?: string | null;
  phone?: string | null;
  role?: string | null;
  units?: string[] | null;
  active?: boolean | null;
}

export interface UnitFields {
  name?: string | null;
  phone?: string | null;
}

export interface AgreementFields {
  landlord_org?: string | null;
  landlord_name?: string | null;
  social_org?: string | null;
  social_name?: string | null;
  unit?: string | null;
  unit_name?: string | null;
  unit_phone?: string | null;
  emergency_phone?: string | null;
  interpreter_phone?: string | null;
  place?: string | null;
  wording?: Wording | null;
  languages?: OfferedTongue[] | null;
}

export interface RosterFields {
  unit?: string | null;
  person?: string | null;
  from?: number | null;
  to?: number | null;
}

export interface LateListFields {
  file_name?: string | null;
  as_of?: number | null;
  taken_at?: number | null;
  taken_by?: string | null;
  partial?: boolean | null;
  counts?: Counts | null;
}

export interface SecrecyFields {
  how?: 'consent' | 'after_notice' | null;
  since?: number | null;
  people?: string[] | null;
}

export interface SecrecyChangeFields {
  how?: 'consent' | 'after_notice' | null;
  at?: number | null;
  by?: string | null;
}

export interface SecrecyApprovalFields {
  change?: string | null;
  at?: number | null;
  by?: string | null;
}

export interface LegalBasisFields {
  basis?: 'public_task' | 'legal_obligation' | 'contract' | 'legitimate_interest' | 'vital_interest' | null;
  text?: string | null;
  at?: number | null;
  by?: string | null;
}

export interface TranslationFields {
  language?: 'sv-simple' | 'en' | 'ar' | 'so' | 'uk' | 'fi' | 'prs' | 'ti' | null;
  on?: boolean | null;
  review?: Reviewed | null;
}

export interface WordingFields {
  wording?: Wording | null;
}

export interface HouseholdFields {
  street?: string | null;
  postcode?: string | null;
  city?: string | null;
  floor?: string | null;
  apartment?: string | null;
  door_hint?: string | null;
  door_code?: string | null;
  language?: string | null;
  interpreter?: string | null;
  safety?: string | null;
  children?: boolean | null;
  adults?: number | null;
  disability?: boolean | null;
  protected?: boolean | null;
  contract?: string | null;
  moved_in?: string | null;
}

export interface PersonFields {
  household?: string | null;
  name?: string | null;
  position?: 'tenant' | 'co_tenant' | 'adult' | 'child' | null;
  phone?: string | null;
  email?: string | null;
  born?: number | null;
  personal_number?: string | null;
}

export interface CaseFields {
  household?: string | null;
  unit?: string | null;
  reason?: 'not_told' | 'arrears' | 'neglect' | 'subletting' | 'disturbance' | 'repeated_late' | null;
  status?: 'open' | 'closed' | null;
  opened?: string | null;
  closed?: string | null;
  closed_because?: 'paid' | 'removed' | 'solved' | 'moved' | 'evicted' | 'forwarded' | 'other' | null;
  stage?: 'reminder' | 'collection' | 'home_visit' | 'meeting' | 'authority' | null;
  first_time_late?: boolean | null;
  rent?: Rent | null;
  rank?: number | null;
  priority?: Reason[] | null;
  debt_reasons?: Reason[] | null;
  debt?: Debt | null;
  eviction_at?: number | null;
  attempts?: number | null;
  last_contact?: LastContact | null;
  handles?: string[] | null;
}

export interface ClaimFields {
  household?: string | null;
  case?: string | null;
  contract?: string | null;
  due_month?: string | null;
  due?: string | null;
  capital?: number | null;
  costs?: number | null;
  as_of?: number | null;
  state?: 'open' | 'paid' | 'removed' | null;
}

export interface ContactFields {
  household?: string | null;
  case?: string | null;
  form?: 'visit' | 'call' | 'call_back' | 'unplanned' | null;
  purpose?: 'home_visit' | 'check' | 'joint' | 'meeting' | 'inspection' | 'follow_up' | 'welcome' | 'eviction_day' | null;
  planned_at?: number | null;
  moved?: Moved | null;
  people?: string[] | null;
  appointment?: string | null;
  message?: string | null;
  cancelled?: Cancelled | null;
  outcome?: Outcome | null;
  next_at?: number | null;
  tick_presented?: boolean | null;
  tick_children?: boolean | null;
  tick_leaflet?: boolean | null;
  tick_consent?: boolean | null;
}

export interface NoteFields {
  household?: string | null;
  case?: string | null;
  contact?: string | null;
  text?: string | null;
  at?: number | null;
  by?: string | null;
  corrects?: string | null;
}

export interface PhotoFields {
  household?: string | null;
  case?: string | null;
  contact?: string | null;
  caption?: string | null;
  size?: number | null;
  hash?: string | null;
  thumb?: string | null;
  at?: number | null;
  by?: string | null;
}

export interface ConcernFields {
  household?: string | null;
  case?: string | null;
  contact?: string | null;
  about?: 'danger' | 'suicide' | 'ill' | 'child' | 'other' | null;
  text?: string | null;
  at?: number | null;
  by?: string | null;
}

export interface ConsentMarkFields {
  household?: string | null;
  case?: string | null;
  contact?: string | null;
  answer?: 'withdrawn' | 'given' | 'declined' | 'asked' | null;
  landlord?: boolean | null;
  giving?: string | null;
  unit_name?: string | null;
  handle?: string | null;
  at?: number | null;
  by?: string | null;
}

export interface EvictionFields {
  household?: string | null;
  case?: string | null;
  at?: number | null;
  state?: 'set' | 'respite' | 'withdrawn' | 'carried_out' | null;
  source?: 'authority' | 'landlord' | 'tenant' | null;
}

export interface FoundFields {
  household?: string | null;
  case?: string | null;
  by?: string | null;
  written?: number | null;
  received?: number | null;
  changes?: FoundChange[] | null;
  state?: 'open' | 'taken' | 'attached' | 'dismissed' | null;
  reason?: string | null;
  settled?: Seen | null;
}

export interface NoticeFields {
  household?: string | null;
  case?: string | null;
  unit?: string | null;
  about?: 'eviction' | 'arrears' | 'neglect' | 'subletting' | 'disturbance' | 'repeated_late' | null;
  sender?: 'authority' | 'landlord' | 'collector' | 'health_care' | 'police' | 'person' | 'relatives' | 'other' | null;
  channel?: 'post' | 'email' | 'fax' | 'phone' | 'unit' | 'visit' | null;
  received?: string | null;
  eviction_at?: number | null;
  children?: boolean | null;
  by?: string | null;
}

export interface NoticeSentFields {
  household?: string | null;
  case?: string | null;
  social_org?: string | null;
  unit?: string | null;
  handle?: string | null;
  reason?: 'termination' | 'eviction' | 'arrears' | 'neglect' | 'subletting' | 'disturbance' | 'repeated_late' | null;
  ground?: 'statute' | 'own_basis' | null;
  ground_text?: string | null;
  capital?: number | null;
  costs?: number | null;
  payment?: string | null;
  tenants?: NamedTenant[] | null;
  address?: string | null;
  children?: boolean | null;
  at?: number | null;
  signed?: string | null;
  by?: string | null;
}

export interface RoomFields {
  household?: string | null;
  case?: string | null;
  room?: string | null;
  other_org?: string | null;
  other_name?: string | null;
  notice?: boolean | null;
  state?: 'none' | 'open' | 'closed' | null;
  since?: string | null;
  until?: string | null;
  closed_words?: ('consent' | 'after-notice')[] | null;
  covered?: string[] | null;
}

export interface ThreadWordFields {
  household?: string | null;
  case?: string | null;
  by?: string | null;
  shared_with?: string | null;
  word?: 'solved' | 'received' | 'still_open' | null;
  at?: number | null;
  signed?: string | null;
}

export interface ThreadMessageFields {
  household?: string | null;
  case?: string | null;
  by?: string | null;
  concerns?: string[] | null;
  shared_with?: string | null;
  about?: 'debt' | 'payment' | 'time' | null;
  text?: string | null;
  capital?: number | null;
  costs?: number | null;
  at?: number | null;
  signed?: string | null;
  disclosed?: number | null;
}

export interface MessageFields {
  household?: string | null;
  case?: string | null;
  by?: string | null;
  concerns?: string[] | null;
  shared_with?: string | null;
  about?: 'in_contact' | 'plan' | 'message' | null;
  text?: string | null;
  until?: string | null;
  at?: number | null;
  signed?: string | null;
  disclosed?: number | null;
}

export interface AppointmentFields {
  household?: string | null;
  case?: string | null;
  by?: string | null;
  concerns?: string[] | null;
  shared_with?: string | null;
  purpose?: 'joint_visit' | 'meeting' | 'eviction_day' | null;
  planned_at?: number | null;
  state?: 'proposed' | 'agreed' | 'declined' | 'cancelled' | null;
  answers?: string | null;
  signed?: string | null;
  disclosed?: number | null;
  text?: string | null;
}

export interface DisclosureFields {
  household?: string | null;
  case?: string | null;
  record?: string | null;
  ground?: 'no_harm' | 'necessary' | 'duty' | 'danger' | 'statute' | 'vital' | 'own_basis' | null;
  ground_text?: string | null;
  decider?: string | null;
  note?: string | null;
  at?: number | null;
  by?: string | null;
}

export interface AlertFields {
  household?: string | null;
  case?: string | null;
  unit?: string | null;
  about?: string | null;
  raised?: number | null;
  people?: string[] | null;
  seen?: Seen | null;
}

export interface ConflictFields {
  kind?: string | null;
  record?: string | null;
  field?: string | null;
  rule?: string | null;
  versions?: ConflictVersion[] | null;
  state?: 'open' | 'kept' | 'settled' | null;
  choice?: string | null;
  settled?: Seen | null;
}

export interface ProtectedReadingFields {
  file?: string | null;
  person?: string | null;
  at?: number | null;
  reason?: string | null;
}

export interface LogFields {
  household?: string | null;
  at?: number | null;
  person?: string | null;
  action?: string | null;
  what?: string | null;
}

export interface OrgLogFields {
  at?: number | null;
  person?: string | null;
  action?: string | null;
  what?: string | null;
}

export interface DeviceFields {
  person?: string | null;
  name?: string | null;
  seen?: number | null;
  state?: string | null;
}

export interface PhoneLimitsFields {
  lease?: number | null;
  unused?: number | null;
  hidden?: number | null;
}

export interface PeopleFields {
  person?: string | null;
  role?: string | null;
  invited?: number | null;
}

export interface RecoveryFields {
  person?: string | null;
  second?: string | null;
}

export interface RescueFields {
  person?: string | null;
  at?: number | null;
}

export interface ErasureFields {
  file?: string | null;
  due?: string | null;
}

export interface MonthlyFields {
  month?: string | null;
  count?: number | null;
}

export interface VerificationFields {
  at?: number | null;
  result?: string | null;
}

export interface GivingFields {
  unit?: string | null;
  handle?: string | null;
  landlord_org?: string | null;
  answer?: 'given' | 'declined' | 'asked' | null;
  wording?: WordingShown | null;
  translation?: TranslationShown | null;
  partners?: ('landlord' | 'employment' | 'care' | 'primary_care' | 'psychiatry' | 'relatives' | 'other')[] | null;
  relatives?: string | null;
  other_partner?: string | null;
  place?: string | null;
  day?: string | null;
  valid_until?: string | null;
  witness?: string | null;
  original?: string | null;
  photos?: string[] | null;
  collected_by?: string | null;
  knew_withdrawal?: string | null;
  evidence?: Evidence | null;
  order?: number | null;
  wrong?: ('no_witness' | 'no_original' | 'unknown_wording' | 'changed' | 'blocked_device')[] | null;
  proven?: boolean | null;
}

export interface SignatureFields {
  giving?: string | null;
  how?: 'drawn' | 'typed' | 'oral' | 'paper' | null;
  name?: string | null;
  child?: string | null;
  personal_number?: string | null;
  strokes?: number[][][] | null;
  copies?: string[] | null;
  at?: number | null;
}

export interface EidSignatureFields {
  giving?: string | null;
  signature?: string | null;
  provider?: string | null;
  at?: number | null;
  hash?: string | null;
  proof?: string | null;
}

export interface PaperPhotoFields {
  giving?: string | null;
  size?: number | null;
  hash?: string | null;
  at?: number | null;
}

export interface WithdrawalFields {
  unit?: string | null;
  handle?: string | null;
  case?: string | null;
  person?: string | null;
  signature?: string | null;
  how?: 'phone' | 'visit' | 'letter' | 'copy' | 'other' | null;
  name?: string | null;
  heard?: string | null;
  at?: number | null;
  order?: number | null;
}

export interface ConfirmationFields {
  giving?: string | null;
  how?: 'phone' | 'visit' | 'letter' | null;
  at?: number | null;
  by?: string | null;
}

export interface CaseLinkFields {
  of?: string | null;
  case?: string | null;
  people?: LinkedSigner[] | null;
  at?: number | null;
  by?: string | null;
  order?: number | null;
}

export interface ConsentStateFields {
  giving?: string | null;
  case?: string | null;
  standings?: ConsentStanding[] | null;
}

export interface NoticeInFields {
  unit?: string | null;
  from_org?: string | null;
  from_name?: string | null;
  handle?: string | null;
  reason?: string | null;
  ground?: string | null;
  ground_text?: string | null;
  capital?: number | null;
  costs?: number | null;
  payment?: string | null;
  tenants?: NamedTenant[] | null;
  address?: string | null;
  children?: boolean | null;
  signed?: string | null;
  received?: number | null;
}

/** The fields of every kind. */
export interface Fields {
  colleague: ColleagueFields;
  unit: UnitFields;
  agreement: AgreementFields;
  roster: RosterFields;
  late_list: LateListFields;
  secrecy: SecrecyFields;
  secrecy_change: SecrecyChangeFields;
  secrecy_approval: SecrecyApprovalFields;
  legal_basis: LegalBasisFields;
  translation: TranslationFields;
  wording: WordingFields;
  household: HouseholdFields;
  person: PersonFields;
  case: CaseFields;
  claim: ClaimFields;
  contact: ContactFields;
  note: NoteFields;
  photo: PhotoFields;
  concern: ConcernFields;
  consent_mark: ConsentMarkFields;
  eviction: EvictionFields;
  found: FoundFields;
  notice: NoticeFields;
  notice_sent: NoticeSentFields;
  room: RoomFields;
  thread_word: ThreadWordFields;
  thread_message: ThreadMessageFields;
  message: MessageFields;
  appointment: AppointmentFields;
  disclosure: DisclosureFields;
  alert: AlertFields;
  conflict: ConflictFields;
  protected_reading: ProtectedReadingFields;
  log: LogFields;
  org_log: OrgLogFields;
  device: DeviceFields;
  phone_limits: PhoneLimitsFields;
  people: PeopleFields;
  recovery: RecoveryFields;
  rescue: RescueFields;
  erasure: ErasureFields;
  monthly: MonthlyFields;
  verification: VerificationFields;
  giving: GivingFields;
  signature: SignatureFields;
  eid_signature: EidSignatureFields;
  paper_photo: PaperPhotoFields;
  withdrawal: WithdrawalFields;
  confirmation: ConfirmationFields;
  case_link: CaseLinkFields;
  consent_state: ConsentStateFields;
  notice_in: NoticeInFields;
}

export type KindName = keyof Fields;

/** root: the field with the id of the record that decides who carries it; 'id': itself; '': the whole organisation. */
export const KINDS: Record<KindName, { root: string; appendOnly: boolean }> = {
  colleague: { root: '', appendOnly: false },
  unit: { root: '', appendOnly: false },
  agreement: { root: '', appendOnly: false },
  roster: { root: '', appendOnly: false },
  late_list: { root: '', appendOnly: false },
  secrecy: { root: '', appendOnly: false },
  secrecy_change: { root: '', appendOnly: true },
  secrecy_approval: { root: '', appendOnly: true },
  legal_basis: { root: '', appendOnly: false },
  translation: { root: '', appendOnly: false },
  wording: { root: '', appendOnly: true },
  household: { root: 'id', appendOnly: false },
  person: { root: 'household', appendOnly: false },
  case: { root: 'household', appendOnly: false },
  claim: { root: 'household', appendOnly: false },
  contact: { root: 'household', appendOnly: false },
  note: { root: 'household', appendOnly: true },
  photo: { root: 'household', appendOnly: true },
  concern: { root: 'household', appendOnly: true },
  consent_mark: { root: 'household', appendOnly: true },
  eviction: { root: 'household', appendOnly: false },
  found: { root: 'household', appendOnly: false },
  notice: { root: 'household', appendOnly: true },
  notice_sent: { root: 'household', appendOnly: true },
  room: { root: 'household', appendOnly: false },
  thread_word: { root: 'household', appendOnly: true },
  thread_message: { root: 'household', appendOnly: true },
  message: { root: 'household', appendOnly: true },
  appointment: { root: 'household', appendOnly: false },
  disclosure: { root: 'household', appendOnly: true },
  alert: { root: 'household', appendOnly: false },
  conflict: { root: 'household', appendOnly: false },
  protected_reading: { root: 'file', appendOnly: true },
  log: { root: 'household', appendOnly: false },
  org_log: { root: '', appendOnly: false },
  device: { root: '', appendOnly: false },
  phone_limits: { root: '', appendOnly: false },
  people: { root: '', appendOnly: false },
  recovery: { root: '', appendOnly: false },
  rescue: { root: '', appendOnly: false },
  erasure: { root: '', appendOnly: false },
  monthly: { root: '', appendOnly: false },
  verification: { root: '', appendOnly: false },
  giving: { root: 'id', appendOnly: true },
  signature: { root: 'giving', appendOnly: true },
  eid_signature: { root: 'giving', appendOnly: true },
  paper_photo: { root: 'giving', appendOnly: true },
  withdrawal: { root: 'id', appendOnly: true },
  confirmation: { root: 'giving', appendOnly: true },
  case_link: { root: 'of', appendOnly: true },
  consent_state: { root: 'giving', appendOnly: false },
  notice_in: { root: 'id', appendOnly: true },
};

/** How a reason is said: {days} until its date, {n} its number; one and zero are for that many. */
export interface ReasonText {
  sv: string;
  en: string;
}

export const REASONS: Record<string, { text: ReasonText; one?: ReasonText; zero?: ReasonText }> = {
  eviction_near: { text: { sv: 'Avhysning om {days} dagar', en: 'Eviction in {days} days' }, one: { sv: 'Avhysning i morgon', en: 'Eviction tomorrow' }, zero: { sv: 'Avhysning i dag', en: 'Eviction today' } },
  children: { text: { sv: 'Barn i hemmet', en: 'Children at home' } },
  young: { text: { sv: '18–25 år', en: 'Aged 18–25' } },
  older: { text: { sv: '65 och äldre', en: '65 and over' } },
  two_rents: { text: { sv: '{n} hyror obetalda', en: '{n} rents unpaid' } },
  disability: { text: { sv: 'Funktionsnedsättning', en: 'Disability' } },
  first_time_late: { text: { sv: 'Sen första gången', en: 'Late for the first time' } },
  newly_moved_in: { text: { sv: 'Nyinflyttad', en: 'Newly moved in' } },
  unreached: { text: { sv: 'Inte nådd på {n} försök', en: 'Not reached in {n} attempts' }, one: { sv: 'Inte nådd på ett försök', en: 'Not reached in one attempt' } },
};
