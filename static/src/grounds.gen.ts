// Made by "go generate ./internal/casework" from grounds.json. Do not edit.

export const GROUNDS = [
  { id: 'no_harm', for: 'social_services', law: '26 kap. 1 § offentlighets- och sekretesslagen', sv: 'Det är klart att ingen far illa av det', en: 'It is clear that nobody is harmed by it' },
  { id: 'necessary', for: 'social_services', law: '10 kap. 2 § offentlighets- och sekretesslagen', sv: 'Vi kan inte göra vårt arbete utan att lämna ut det', en: 'We cannot do our work without telling it' },
  { id: 'duty', for: 'social_services', law: '10 kap. 28 § offentlighets- och sekretesslagen, och lagen som kräver det', sv: 'En lag eller förordning kräver att vi lämnar ut det', en: 'A law or an ordinance requires us to tell it' },
  { id: 'danger', for: 'social_services', law: '24 kap. 4 § brottsbalken', sv: 'Någons liv eller hälsa är i fara', en: 'Somebody\'s life or health is in danger' },
  { id: 'statute', for: 'landlord', law: 'artikel 6.1 c dataskyddsförordningen, och lagen som kräver det', sv: 'En lag kräver att vi lämnar ut det', en: 'A law requires us to tell it' },
  { id: 'vital', for: 'landlord', law: 'artikel 6.1 d dataskyddsförordningen', sv: 'Någons liv eller hälsa är i fara', en: 'Somebody\'s life or health is in danger' },
  { id: 'own_basis', for: 'landlord', law: 'artikel 6 dataskyddsförordningen, vår egen grund', sv: 'Vår egen rättsliga grund', en: 'Our own legal basis' },
] as const;
export type Ground = (typeof GROUNDS)[number];
