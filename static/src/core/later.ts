// What the core needs behind the first screen, fetched as one file.
export { watchBackground } from './background';
export { digest } from './digest';
export { TableJournal } from './journal_table';
export { enrolSigning, sign } from './signing';
export { sealLineTwice } from './seal_twice';
export { watch } from './lock';
export { addPhoto, keepPaper, photoAddress, sendPhotos } from './photos';
export { startReadings } from './readings';
export { Conversation } from './sync';
