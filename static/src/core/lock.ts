// When the vault locks itself: unused for some minutes, or out of sight for more than
// two. All tabs count together, through two times that they all write down; a clock
// that is turned back locks as well.
export interface Limits {
  unused: number; // ms without a touch, in any tab
  hidden: number; // ms without any tab in sight
}

export const choices = { unused: [5, 10, 20], hidden: [1, 2, 5] } as const; // minutes
const standard = { unused: 10, hidden: 2 };
const pace = 5_000; // ms between looks, and between two notes of being used

const minutes = (name: 'unused' | 'hidden'): number => {
  const chosen = Number(localStorage.getItem(`lock-${name}`));
  return (choices[name] as readonly number[]).includes(chosen) ? chosen : standard[name];
};

/** The person's own choice on this phone, in minutes. */
export const chosen = (): { unused: number; hidden: number } => ({ unused: minutes('unused'), hidden: minutes('hidden') });
export const choose = (name: 'unused' | 'hidden', value: number): void => localStorage.setItem(`lock-${name}`, String(value));

/** Whether it is time. `used` and `seen`: when any tab was last touched, and in sight, ms. */
export function isDue(now: number, used: number, seen: number, limits: Limits): boolean {
  return now - used > limits.unused || now - seen > limits.hidden || now + pace < Math.max(used, seen);
}

const visible = () => document.visibilityState === 'visible';
const read = (name: string) => Number(localStorage.getItem(name)) || 0;

/** Watches from now on, and calls `lock` once it is time. What is on the screen is
 *  covered while nobody sees it, so that the first frame on return shows nothing that
 *  is to be locked. While it is shut no time runs: whoever unlocks in the morning what
 *  was locked the evening before has their minutes from then on. */
export function watch(lock: () => void, shut: () => boolean): void {
  let noted = 0;
  const note = (...names: string[]) => names.forEach((name) => localStorage.setItem(name, String(Date.now())));
  const due = () => !shut() && isDue(Date.now(), read('used'), read('seen'), { unused: minutes('unused') * 60_000, hidden: minutes('hidden') * 60_000 });
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
