// What one sees instead of a screen: nothing there, or the screen itself broke.
import { Component, type ComponentChildren } from 'preact';
import { t } from '../text';
import { Empty } from './parts';
import { Nav, Screen } from './screen';

export function Missing() {
  return (
    <Screen title={t('missing.title')} nav={<Nav at="" />} top={<header class="top"><h1>{t('missing.title')}</h1></header>}>
      <p>{t('missing.text')}</p>
      <a class="btn is-primary" href="/">{t('missing.home')}</a>
    </Screen>
  );
}

/** For a record that is not on this phone, inside a screen of its own. */
export function Gone() {
  return <Empty icon="lock" title={t('missing.title')}><p>{t('missing.text')}</p></Empty>;
}

export function ErrorView() {
  return (
    <div class="app">
      <header class="top"><h1>{t('error.title')}</h1></header>
      <main id="main">
        <p role="alert">{t('error.text')}</p>
        <button class="btn is-primary" type="button" onClick={() => location.reload()}>{t('error.reload')}</button>
      </main>
    </div>
  );
}

/** Keeps a screen that throws from taking the others along. */
export class Fence extends Component<{ children: ComponentChildren; at: string }, { broken: string | null }> {
  state = { broken: null };
  componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ broken: this.props.at });
  }
  render() {
    return this.state.broken === this.props.at ? <ErrorView /> : this.props.children;
  }
}
