// Two different answers, in the inbox and side by side.
import type sv from './inbox.sv';

export default {
  'phone.inbox.time': '{other} proposes a time: {when}',
  'phone.inbox.time_other': '{other} proposes another time: {when}',
  'phone.inbox.time_off': '{other} has called off: {when}',
  'phone.conflict.name': 'Two different answers',
  'phone.conflict.kept': 'Both answers are kept.',
  'phone.conflict.which': 'Which answer is right?',
  'phone.conflict.you_wrote': 'You wrote',
  'phone.conflict.wrote': '{name} wrote',
  'phone.conflict.current': 'Holds now',
  'phone.conflict.both': 'Both are right',
  'phone.conflict.both_text': 'For example: first nobody was home, then someone came.',
  'phone.conflict.so': 'What follows',
  'phone.conflict.result': 'The visit gets the answer {answer}.',
  'phone.conflict.result_field': 'This holds: {answer}.',
  'phone.conflict.result_both': 'Both answers stay. {answer} goes on holding for the visit.',
  'phone.conflict.result_history': 'The other answer stays in the history.',
  'phone.conflict.result_seen': '{name} sees what you chose.',
  'phone.conflict.no_hurry': 'You need not answer now. Until someone chooses, the answer that came first holds.',
  'phone.conflict.bar': 'Your choice',
  'phone.conflict.call': 'Call {name}',
  'phone.conflict.save': 'Save the choice',
  'phone.conflict.back': 'To the inbox',
  'phone.conflict.chose': '{name} chose',
  'phone.conflict.you_chose': 'You chose',
} as const satisfies Record<keyof typeof sv, string>;
