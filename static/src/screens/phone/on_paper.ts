// What the browser prints instead of the screen. It must be a child of the body itself:
// that is what the print sheet shows (css/base.css).
import { render, type ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** While its screen stands there, printing gives this paper. `kind` is its class. */
export function useOnPaper(kind: string, label: string, content: () => ComponentChildren, on: unknown[]): void {
  useEffect(() => {
    const paper = document.createElement('section');
    paper.className = `on-paper ${kind}`;
    paper.ariaLabel = label;
    document.body.append(paper);
    render(content(), paper);
    return () => {
      render(null, paper);
      paper.remove();
    };
  }, on);
}
