import { X } from "lucide-react";
import type { JSX } from "react";
import { useStudio, useView } from "../session/studio.js";
import { dismissToast } from "../view/viewStore.js";

/** Words in passing. */
export function Toasts(): JSX.Element {
  const { view } = useStudio();
  const toasts = useView((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, tone, text, action }) => (
        <div key={id} className={`toast ${tone}`}>
          <p>{text}</p>
          {action && (
            <button
              type="button"
              className="button"
              onClick={() => {
                action.run();
                dismissToast(view, id);
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className="icon-button" aria-label="Put away" onClick={() => dismissToast(view, id)}>
            <X aria-hidden />
          </button>
        </div>
      ))}
    </div>
  );
}
