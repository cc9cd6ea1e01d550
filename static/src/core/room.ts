// Room on the phone: said before it is gone.
const least = 20 << 20; // bytes; a day of visits is far under one megabyte

/** Whether little room is left for this app. False where the browser does not tell. */
export async function isRoomLow(): Promise<boolean> {
  const told = await navigator.storage?.estimate?.().catch(() => null);
  return !!told?.quota && told.quota - (told.usage ?? 0) < least;
}
