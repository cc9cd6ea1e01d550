// What pages and the service worker call the handing in of sealed work.

/** The tag of the background sync, and the message where there is none. */
export const handInTag = 'hand-in';

/** Whoever hands in holds this lock, so that there are never two at once. */
export const handInLock = 'bokvar-hand-in';

/** The tab that sends holds this one. */
export const senderLock = 'bokvar-sender';
