// A component that is drawn again only when what it was given has changed.
import { Component, h, type ComponentType, type FunctionComponent } from 'preact';

export function memo<P extends object>(of: FunctionComponent<P>, same: (a: P, b: P) => boolean): ComponentType<P> {
  return class extends Component<P> {
    shouldComponentUpdate(next: P) {
      return !same(this.props as P, next);
    }
    render() {
      return h(of, this.props as P);
    }
  };
}
