import { useCallback, type JSX } from "react";
import { useStudio } from "../session/studio.js";
import type { ViewStore } from "../view/viewStore.js";
import { lightboxItem } from "./lightboxItem.js";
import { Panel } from "./Panel.js";
import { ResultTile } from "./ResultTile.js";
import { useResults, type Results } from "./useResults.js";

/** Every picture made here. */
export function ResultsPanel(): JSX.Element {
  const { view } = useStudio();
  const { results, more, loadMore } = useResults();
  const open = useOpenResult(view, results);
  return (
    <Panel title="Results">
      {results.length === 0 && <p className="panel-empty">Pictures from Save Image cards gather here.</p>}
      <div className="tile-grid">
        {results.map((result) => (
          <ResultTile key={result.id} result={result} onOpen={open} />
        ))}
      </div>
      {more && (
        <button type="button" className="button" onClick={loadMore}>
          Older ones
        </button>
      )}
    </Panel>
  );
}

/** The newest pictures along the lower edge. */
export function ResultsStrip(): JSX.Element {
  const { view } = useStudio();
  const { results } = useResults();
  const open = useOpenResult(view, results);
  return (
    <section className="strip" aria-label="Newest results">
      {results.length === 0 && <p className="panel-empty">Pictures that you save gather here.</p>}
      {results.slice(0, 40).map((result) => (
        <ResultTile key={result.id} result={result} onOpen={open} />
      ))}
    </section>
  );
}

function useOpenResult(view: ViewStore, results: Results["results"]): (id: string) => void {
  return useCallback(
    (id: string) =>
      view.setState({
        lightbox: {
          items: results.map((result) => lightboxItem(result.file, result.job, result)),
          index: Math.max(
            0,
            results.findIndex((result) => result.id === id),
          ),
        },
      }),
    [view, results],
  );
}
