// Devices as the server tells of them.
export interface Device {
  id: string;
  name: string; // "Chrome, Android"
  app: string; // version
  made: number; // ms
  seen: number; // ms, the last contact
  unsent: number; // as it told then
  state: 'active' | 'blocked' | 'wipe' | 'wipe_all' | 'wiped';
  since?: number; // ms
  here: boolean;
  rollback?: number; // ms, when it came back as it was on an earlier day
}

export interface Devices {
  own: Device[];
  people: { id: string; name: string; active: boolean; devices: Device[] }[] | null; // null: one sees to one's own alone
}
