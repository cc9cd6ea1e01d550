// Trusted Types: where the browser knows them, it starts a script only from an
// address that this one policy lets through, and takes no text as HTML at all.
// Whoever starts another worker asks here.
type Policy = { createScriptURL(url: string): string };
const factory = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }).trustedTypes;

const own = /^\/(sw|assets\/[\w.-]+)\.js$/;

const policy = factory?.createPolicy('bokvar', {
  createScriptURL(url) {
    if (!own.test(url)) throw new TypeError('not a script of the app');
    return url;
  },
});

/** An address of one of the app's own scripts, for `new Worker` and `register`. */
export const scriptURL = (url: string): string => policy?.createScriptURL(url) ?? url;
