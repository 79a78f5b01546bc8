import { X } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { useStudio } from "../session/studio.js";

/** A panel beside the rail, over the canvas. */
export function Panel({
  title,
  action,
  children,
}: {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}): JSX.Element {
  const { view } = useStudio();
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {action}
        <button type="button" className="icon-button" aria-label={`Close ${title}`} onClick={() => view.setState({ panel: null })}>
          <X aria-hidden />
        </button>
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}
