// The dev page: any screen over made-up records. `go run ./bundle -dev 127.0.0.1:8090`,
// then /dev?screen=/visit/nadia-v&as=kim&state=offline&lang=en&theme=light
import { startApp } from '../app';
import { provideCore } from '../core/current';
import { answers } from './answers';
import { go } from '../ui/router';
import { devCore, type DevOptions } from './core';
import { people } from './town';

const asked = new URLSearchParams(location.search);
const pick = (name: string, otherwise: string) => {
  const value = asked.get(name) ?? sessionStorage.getItem(name) ?? otherwise;
  sessionStorage.setItem(name, value);
  return value;
};

localStorage.setItem('language', pick('lang', 'sv'));
if (pick('theme', 'auto') === 'light') localStorage.setItem('theme', 'light');
else localStorage.removeItem('theme');
const as = pick('as', 'kim');
provideCore(devCore({ session: as === 'nobody' ? null : people[as], state: pick('state', 'live') as DevOptions['state'], answers }));
if (asked.has('screen')) go(asked.get('screen')!, { replace: true });
void startApp();
