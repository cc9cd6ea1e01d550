// A sheet comes from below, over the screen. It is a <dialog>: the focus goes in
// and comes back, Escape and the back gesture close it.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export interface SheetProps {
  title: ComponentChildren;
  onClose: () => void; // called once, however it was closed; take the sheet away then
  children: ComponentChildren;
}

export function Sheet({ title, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    const here = location.pathname;
    const gone = () => location.pathname === here && onClose(); // elsewhere, the router takes the screen away
    history.pushState({ sheet: true }, '');
    addEventListener('popstate', gone);
    return () => {
      removeEventListener('popstate', gone);
      if (history.state?.sheet) history.back();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet is-dialog"
      aria-labelledby="sheet-title"
      onCancel={(e) => { e.preventDefault(); onClose(); }}
      onClick={(e) => e.target === dialog.current && onClose()}
    >
      <div class="body"><h2 id="sheet-title">{title}</h2>{children}</div>
    </dialog>
  );
}
