// What the core needs behind the first screen, fetched as one file.
export { noticeAlerts } from './alerts';
export { watchBackground } from './background';
export { watchTyping } from './begun';
export { digest } from './digest';
export { TableJournal } from './journal_table';
export { enrolSigning, sign } from './signing';
export { sealLineTwice } from './seal_twice';
export { takeIn } from './kept_tabs';
export { watch } from './lock';
export { addPhoto, keepPaper, photo, sendPhotos } from './photos';
export { pushState, subscribe, unsubscribe } from './push_subscription';
export { askToPersist, isRoomLow } from './room';
export { startReadings } from './readings';
export { Conversation } from './sync';
