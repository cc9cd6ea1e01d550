// When the vault locks itself: unused, or out of sight, for more minutes than the
// organisation allows, or than the person has chosen, if that is less. All tabs count
// together, through two times that they all write down; a clock that is turned back
// locks as well.
import type { Limits } from './api';

const standard: Limits = { unused: 10, hidden: 2 }; // until the organisation has decided; internal/account knows them, too
const steps = { unused: [2, 5, 10, 20], hidden: [1, 2, 5] };
const pace = 5_000; // ms between looks, and between two notes of being used
const minute = 60_000; // ms

/** What the organisation allows, as this phone was last told. */
export const allowed = (told: Partial<Limits>): Limits => ({ unused: told.unused ?? standard.unused, hidden: told.hidden ?? standard.hidden });
/** What a person may choose: what is allowed, or less. */
export const choices = (name: keyof Limits, most: number): number[] => [...steps[name].filter((n) => n < most), most];

function least(name: keyof Limits, most: number): number {
  const own = Number(localStorage.getItem(`lock-${name}`));
  return own > 0 ? Math.min(own, most) : most;
}

/** What holds on this phone: the person's own choice, never later than is allowed. */
export const chosen = (most: Limits): Limits => ({ unused: least('unused', most.unused), hidden: least('hidden', most.hidden) });
export const choose = (name: keyof Limits, minutes: number): void => localStorage.setItem(`lock-${name}`, String(minutes));

/** Whether it is time. `used` and `seen`: when any tab was last touched, and in sight, ms. */
export function isDue(now: number, used: number, seen: number, limits: Limits): boolean {
  return now - used > limits.unused * minute || now - seen > limits.hidden * minute || now + pace < Math.max(used, seen);
}

const visible = () => document.visibilityState === 'visible';
const read = (name: string) => Number(localStorage.getItem(name)) || 0;

/** Watches from now on, and calls `lock` once it is time. What is on the screen is
 *  covered while nobody sees it, so that the first frame on return shows nothing that
 *  is to be locked. While it is shut no time runs: whoever unlocks in the morning what
 *  was locked the evening before has their minutes from then on. `told` is what the organisation
 *  allows. */
export function watch(lock: () => void, shut: () => boolean, told: () => Partial<Limits>): void {
  let noted = 0;
  const note = (...names: string[]) => names.forEach((name) => localStorage.setItem(name, String(Date.now())));
  const due = () => !shut() && isDue(Date.now(), read('used'), read('seen'), chosen(allowed(told())));
  const look = () => {
    if (due()) return lock();
    if (visible()) note('seen', ...(shut() ? ['used'] : []));
  };
  const touched = () => {
    if (Date.now() - noted < pace && Date.now() >= noted) return;
    if (due()) return lock(); // a touch that comes too late does not count
    noted = Date.now();
    note('used');
  };
  const turned = () => {
    if (!visible()) {
      note('seen');
      document.documentElement.dataset.covered = '';
    } else if (due()) lock();
    else {
      delete document.documentElement.dataset.covered;
      note('seen');
    }
  };
  note('used', 'seen');
  for (const event of ['pointerdown', 'keydown', 'scroll']) addEventListener(event, touched, { passive: true, capture: true });
  for (const event of ['visibilitychange', 'resume']) document.addEventListener(event, turned);
  addEventListener('pageshow', turned);
  setInterval(look, pace);
}
