/** What the household's form asks for. */
export const editable = ['floor', 'door_code', 'language', 'interpreter', 'safety'] as const;
