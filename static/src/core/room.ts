// Room on the phone: said before it is gone.
const least = 20 << 20; // bytes; a day of visits is far under one megabyte

/** Whether little room is left for this app. False where the browser does not tell. */
export async function isRoomLow(): Promise<boolean> {
  const told = await navigator.storage?.estimate?.().catch(() => null);
  return !!told?.quota && told.quota - (told.usage ?? 0) < least;
}

/** Asks the phone to keep what is stored. Null when it does not answer in time: Firefox asks the person. */
export async function askToPersist(): Promise<boolean | null> {
  const storage = navigator.storage;
  if (!storage?.persist) return false;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 2000));
  const answer = await Promise.race([storage.persist(), late]).catch(() => false);
  return answer ?? Promise.race([storage.persisted(), late]).catch(() => null);
}
