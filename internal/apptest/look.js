// What the look tests ask of a page. Each function answers a list of complaints, as text.
globalThis.look = (() => {
  const plain = s => (s || '').replace(/\s+/g, ' ').trim().slice(0, 60);
  const name = e => `<${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}${e.classList.length ? '.' + [...e.classList].join('.') : ''}> “${plain(e.getAttribute('aria-label') || e.innerText || e.value)}”`;
  const visible = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const scene = () => [...document.querySelectorAll('dialog[open]')].pop() || document;
  const pressable = () => [...scene().querySelectorAll('a[href],button,summary,input,select,textarea,[tabindex]')]
    .filter(e => e.tabIndex >= 0 && !e.disabled && visible(e));
  // A tick or a file button is its label.
  const body = e => (e.matches('input[type=checkbox],input[type=radio],input[type=file]') && e.closest('label,.file')) || e;

  /** Opens everything that can be folded out. */
  const unfold = () => document.querySelectorAll('details').forEach(d => (d.open = true));

  const axeFindings = async strict => {
    unfold();
    const { violations } = await axe.run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
      rules: { 'color-contrast-enhanced': { enabled: strict }, 'target-size': { enabled: true } },
      resultTypes: ['violations'],
    });
    return violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${plain(n.html)}: ${(n.any[0] || n.all[0] || n.none[0] || {}).message || v.help}`));
  };

  const inSentence = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline' && plain(e.parentElement.innerText) !== plain(e.innerText);

  /** Everything pressable can be hit anywhere in 44 by 44 pixels around its middle. */
  const targets = () => {
    unfold();
    const wrong = [];
    for (const e of pressable()) {
      const b = body(e);
      if (e.matches('.skip') || inSentence(e)) continue;
      b.scrollIntoView({ block: 'center', behavior: 'instant' });
      const r = b.getBoundingClientRect();
      if (Math.round(r.width) >= 44 && Math.round(r.height) >= 44) continue;
      const cx = r.x + r.width / 2, cy = r.y + r.height / 2;
      const hits = (dx, dy) => {
        const top = document.elementFromPoint(cx + dx, cy + dy);
        return top && (b.contains(top) || (top.closest('a,button,label') === b));
      };
      const half = (size, least) => Math.min(21, size < least ? 21 : size / 2 - 1);
      const dx = r.width >= 44 ? 0 : 21, dy = r.height >= 44 ? 0 : 21;
      if (!(hits(dx, dy) && hits(-dx, -dy))) wrong.push(`${name(b)} is ${Math.round(r.width)} by ${Math.round(r.height)}`);
    }
    return wrong;
  };

  /** Nothing makes the page wider than the window. */
  const width = () => {
    unfold();
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return [];
    const scrolls = e => e && e !== document.documentElement && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const wide = [...document.body.querySelectorAll('*')].filter(e => visible(e) && e.getBoundingClientRect().right > most + 1 && !scrolls(e.parentElement));
    return [`the page is ${document.documentElement.scrollWidth} wide in a window of ${most}`, ...wide.slice(-4).map(name)];
  };

  /** Who sees what is written stands above the field, before anybody types. */
  const sees = () => {
    unfold();
    const said = [...scene().querySelectorAll('[data-sees]')].filter(visible);
    return [...scene().querySelectorAll('textarea, input:is([type=text], [type=tel], [type=email], [type=date], [type=time], [type=datetime-local], [type=number], :not([type]))')]
      .filter(e => visible(e) && !e.disabled && !e.readOnly && !e.matches('[data-of-no-case], [data-of-no-case] *'))
      .filter(e => !said.some(s => (s.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) && s.getBoundingClientRect().top < e.getBoundingClientRect().bottom))
      .map(e => `nothing above ${name(e)} says who sees it`);
  };

  let seen, last;
  /** Begins a tour by the Tab key: what has to be reached on it. */
  const tourBegins = () => {
    unfold();
    const groups = new Set();
    seen = new Set();
    last = null;
    const all = pressable().filter(e => {
      if (!e.matches('input[type=radio]')) return true;
      const group = e.closest('form,main,dialog')?.tagName + e.name;
      const one = [...scene().querySelectorAll(`input[type=radio][name="${e.name}"]`)].find(x => x.checked);
      if (one ? one !== e : groups.has(group)) return false; // one stop for all of a group
      groups.add(group);
      return true;
    });
    look.stops = all;
    scrollTo(0, 0);
    // Where Tab goes on from: before everything else.
    const start = document.createElement('i');
    start.tabIndex = -1;
    (scene() === document ? document.body : scene()).prepend(start);
    start.focus();
    start.remove();
    return all.length;
  };

  /** After each press of Tab: 'again' when the tour is over. */
  const tourStep = async () => {
    const e = document.activeElement;
    if (!e || e === document.body) return 'again';
    if (e === last) return ''; // the next part of a date or a time
    if (seen.has(e)) return 'again';
    last = e;
    seen.add(e);
    await new Promise(done => requestAnimationFrame(done));
    const b = body(e);
    const ringed = x => { const s = getComputedStyle(x); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; };
    if (![e, b].some(ringed)) return `${name(b)} has no visible focus`;
    const r = b.getBoundingClientRect();
    const y = Math.min(Math.max(r.y + r.height / 2, 1), innerHeight - 1), x = Math.min(Math.max(r.x + r.width / 2, 1), innerWidth - 1);
    if (r.bottom < 1 || r.top > innerHeight - 1 || r.right < 1 || r.left > innerWidth - 1) return `${name(b)} is off the screen while it has the focus`;
    const top = document.elementFromPoint(x, y);
    if (!top || !(b.contains(top) || top.contains(b))) return `${name(b)} is covered by ${top && name(top)} while it has the focus`;
    return '';
  };

  const tourMissed = () => look.stops.filter(e => e.isConnected && visible(e) && !seen.has(e)).map(e => `${name(body(e))} is not reached by the Tab key`);

  return { unfold, axeFindings, targets, width, sees, tourBegins, tourStep, tourMissed, stops: [] };
})();
