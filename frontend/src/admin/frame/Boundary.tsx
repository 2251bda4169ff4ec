import { Component, type ReactNode } from "react";
import { KindError } from "@/ui/KindError";

interface Props {
  /** Another place is another try. */
  place: string;
  children: ReactNode;
}

/** Keeps the way to the other rooms open when one of them breaks. */
export class Boundary extends Component<Props, { broken?: string }> {
  override state: { broken?: string } = {};

  static getDerivedStateFromError(): { broken: string } {
    return { broken: "" };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ broken: this.props.place });
  }

  override componentDidUpdate(): void {
    const { broken } = this.state;
    if (broken && broken !== this.props.place) this.setState({ broken: undefined });
  }

  override render(): ReactNode {
    return this.state.broken === undefined ? this.props.children : <KindError />;
  }
}
