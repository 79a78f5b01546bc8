import type { Result } from "@patchbay/protocol";
import { useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";
import { api } from "../api/http.js";
import { useStudio } from "../session/studio.js";

const page = 60;

export interface Results {
  readonly results: readonly Result[];
  readonly more: boolean;
  readonly loadMore: () => void;
}

/** The gallery's pictures, the newest first; fetched again when there are others. */
export function useResults(): Results {
  const studio = useStudio();
  const version = useStore(studio.results, (state) => state.version);
  const [results, setResults] = useState<readonly Result[]>([]);
  const [more, setMore] = useState(false);
  const [pages, setPages] = useState(1);
  useEffect(() => {
    let current = true;
    const load = async (): Promise<void> => {
      const all: Result[] = [];
      let open = true;
      for (let at = 0; at < pages && open; at++) {
        const list = await api.results(page, all.at(-1)?.id);
        all.push(...list.results);
        open = list.more;
      }
      if (!current) return;
      setResults(all);
      setMore(open);
    };
    load().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [version, pages]);
  const loadMore = useCallback(() => setPages((count) => count + 1), []);
  return { results, more, loadMore };
}
