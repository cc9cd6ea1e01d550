// Made by "go generate ./internal/casework" from tongues/*.json. Do not edit.

export const TONGUES = [
  { language: 'sv', name: 'Svenska', dir: 'ltr', hash: '623c79e307789db6e42df5ba52ed23b10169ced69d3780a33f099270c788b371' },
  { language: 'sv-simple', name: 'Lätt svenska', dir: 'ltr', hash: '50674688b67866aaa12da515b9bf24e16a5555ecaedd4eb00eb333712a36eca7' },
  { language: 'en', name: 'English', dir: 'ltr', hash: '903876eb97aa72bf6f3ddaa15c40b436d8f858c0953dac0269181729aad62e56' },
  { language: 'ar', name: 'العربية', dir: 'rtl', hash: '8104897bfb8ed22d5a801cf0e5175a4109ca4ae41e14474c713d4fd2473f95d7' },
  { language: 'so', name: 'Soomaali', dir: 'ltr', hash: 'e9be0a90bebb47e418ea44a0e430bba1cedd38d422736179ed3949b819e9f77e' },
  { language: 'uk', name: 'Українська', dir: 'ltr', hash: 'ccc1df6cd5425a7c743398ba28c597a84922bd5f86b543fe545e47ae44e87cf1' },
  { language: 'fi', name: 'Suomi', dir: 'ltr', hash: '14d99b96b819a3d16e91f9963198d3da951eb9079e323469769471d2ea4f5b34' },
  { language: 'prs', name: 'دری', dir: 'rtl', hash: 'dbe82b9170662da0ef7ca07ce92faef13ec8905b26f2dd7a5d81ec44b6bd4434' },
  { language: 'ti', name: 'ትግርኛ', dir: 'ltr', hash: '0e13e497447045825df57774c67410f9e142722dfbc75326268b8a0a812d1758' },
] as const;
export type Tongue = (typeof TONGUES)[number];
