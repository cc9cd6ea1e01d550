// More than one way to unlock: added, changed and taken away, never the last one.
// Whoever holds the open phone has to open the vault once more for it.
import { Problem, type Key, type WayChange } from './api';
import type { Door } from './door';
import { asked, deviceName, freshen, prove, tellVault } from './door_open';
import type { Enrolment } from './http';
import type { Wrap } from './kept';
import { wrap } from './wraps';

export async function changeWays(door: Door, current: Key, change: WayChange): Promise<void> {
  if (!door.vault) throw new Problem('signed_out');
  const bytes = await prove(door, current);
  try {
    if (door.secret!.pending) await freshen(door); // the server has to know of the vault first
    const { person } = door.secret!.session;
    const made = 'add' in change ? await wrap(door.locker, bytes, change.add, person, await asked(change.add)) : null;
    await put(door, change, made);
  } finally {
    bytes.fill(0);
  }
}

/** The server first: without its word the phone keeps the ways that it had. */
async function put(door: Door, change: WayChange, made: { wrap: Wrap; auth?: string; passkey?: unknown } | null): Promise<void> {
  const locker = door.here()!;
  const gone = 'add' in change ? made!.wrap.by : change.remove;
  const wraps = locker.wraps.filter((w) => w.by !== gone).concat(made ? [made.wrap] : []);
  if (!wraps.some((w) => w.wrapped)) throw new Problem('last_way');
  const told: Enrolment = { locker: door.locker, name: deviceName(), wraps, auth: made?.auth, passkey: made?.passkey, proof: door.secret!.proof };
  const before = locker.wraps;
  await tellVault(door, told);
  locker.wraps = told.wraps!;
  await door.keep().catch((e) => {
    locker.wraps = before; // the phone was full: as before, until the server's word is taken anew
    throw e;
  });
}
