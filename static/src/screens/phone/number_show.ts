// A personal identity number as people write it.

/** "199006022397" as people write it: "19900602-2397". */
export const showNumber = (number: string) => (number.length === 12 ? `${number.slice(0, 8)}-${number.slice(8)}` : number);
