// What a push shows and where a tap on it leads. Pure, so that it can be tested.

/** The part of NotificationOptions that is used. */
export interface PushOptions {
  body: string;
  tag?: string;
  lang: string;
  icon: string;
  badge: string;
  data: { navigate: string };
}

const otherwise = { title: 'Bokvar', body: 'Du har något nytt i Bokvar.', navigate: '/inbox' };

/** Shows what a push says, always something: three silent ones end the subscription on iPhones. */
export function showPush(text: string | undefined): { title: string; options: PushOptions } {
  const said = readPush(text);
  return {
    title: said.title,
    options: { body: said.body, tag: said.tag, lang: 'sv', icon: '/icons/icon-192.png', badge: '/icons/badge-96.png', data: { navigate: said.navigate } },
  };
}

/** The declarative form: {"web_push":8030,"notification":{title, body, navigate, tag}}. */
function readPush(text: string | undefined): { title: string; body: string; navigate: string; tag?: string } {
  try {
    const given: Record<string, unknown> = JSON.parse(text ?? '').notification;
    const word = (name: 'title' | 'body' | 'navigate') => (typeof given[name] === 'string' ? (given[name] as string) : otherwise[name]);
    return { title: word('title'), body: word('body'), navigate: word('navigate'), tag: typeof given.tag === 'string' ? given.tag : undefined };
  } catch {
    return otherwise;
  }
}

/** The path inside the app that a notification leads to; never another site. */
export function target(navigate: unknown, origin: string): string {
  try {
    const url = new URL(String(navigate), origin);
    return url.origin === origin ? url.pathname + url.search : '/inbox';
  } catch {
    return '/inbox';
  }
}
