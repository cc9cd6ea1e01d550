// Made by "go generate ./internal/casework" from tongues/*.json. Do not edit.

export const TONGUES = [
  { language: 'sv', name: 'Svenska', dir: 'ltr', hash: 'e04ac8f17fae6aff051dbb83f033798c73ebe4719901b4a325da3799128c8ac8' },
  { language: 'sv-simple', name: 'Lätt svenska', dir: 'ltr', hash: 'd8e32add2ecdf2dc3cf72777ef5844d587b4660e29090b69a18d2f2d927e1384' },
  { language: 'en', name: 'English', dir: 'ltr', hash: '4ba911d5e901b1d5f51b916e3a534b6101e78dae9099598c3aff6d950bc5410c' },
  { language: 'ar', name: 'العربية', dir: 'rtl', hash: '307a0dc4450635e7e46036169025dfaca2d94b8079da1094b9ddcc9604dc3225' },
  { language: 'so', name: 'Soomaali', dir: 'ltr', hash: '2320fad0a65ab4016c0b4f875604fe242fea30eba69abf189aae51fce6701af2' },
  { language: 'uk', name: 'Українська', dir: 'ltr', hash: '99837132e10dc28ed350946cfb2dbff820b817b5eeb88be395ac16f26c560ba0' },
  { language: 'fi', name: 'Suomi', dir: 'ltr', hash: 'cf3f22af4ed6cc26d18fd034368ff7a09845a73420275fa1f23fbd3e061cf86f' },
  { language: 'prs', name: 'دری', dir: 'rtl', hash: '120be3ce667558ceb4b439db91d2cb8120c1212a2c2c2d0735dd398fcbb25484' },
  { language: 'ti', name: 'ትግርኛ', dir: 'ltr', hash: 'f2dbf176a9ed9819d57e4c3f4b234512ef72c109fab514c4f4611502c05c6c68' },
] as const;
export type Tongue = (typeof TONGUES)[number];
