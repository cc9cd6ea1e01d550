/** Whom the phone's day is for lands there; everybody else on the cases. */
export const landing = (role: string): string => (role === 'caretaker' ? '/' : '/cases');
