/** Those at a desk, by the kind of their organisation: who reads the month's list, too (access.md: monthly). */
export const deskRoles: Record<string, string[]> = { landlord: ['coordinator', 'collections', 'landlord_manager'], social_services: ['social_worker', 'child_worker', 'social_manager'], operator: [] };
