// What the first file of the app and everything that is fetched later share; the
// bundler makes one file of it (bundle/gather.go).
import './core/api';
import './core/current';
import './core/db';
import './core/diary';
import './core/door';
import './core/hand_in_names';
import './core/http';
import './core/journal';
import './core/kept';
import './core/push';
import './core/trusted';
import './core/twice';
import './core/vault';
import './core/wire';
import './text';
import './theme';
import './ui';
