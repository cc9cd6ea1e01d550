// The frame of a desk screen: on a phone the sync state comes first in the content,
// because the navigation at the side, which shows it, is not there.
import type { ComponentChildren } from 'preact';
import { core, Crumb, DeskPage, StepLine, SyncBadge } from './env';

export interface PageProps {
  title: string; // of the window: nothing of a case
  at: string; // the place in the navigation
  back?: { href: string; text: string };
  reading?: boolean; // about one thing: lines stay short enough to read
  children: ComponentChildren;
}

export function Page({ title, at, back, reading, children }: PageProps) {
  return (
    <DeskPage title={title} at={at}>
      {back ? <Crumb to={back.href}>{back.text}</Crumb> : <div class="phone-sync"><SyncBadge /></div>}
      {reading ? <div class="stack wide reading">{children}</div> : children}
    </DeskPage>
  );
}

/** How far the newest change of a record has come; nothing when it was not written here. */
export function ItemState({ record }: { record: string }) {
  const step = core.stepOf(record).value;
  return step && <StepLine step={step} />;
}
