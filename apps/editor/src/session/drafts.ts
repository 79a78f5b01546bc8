import { parseDocument, type GraphDocument } from "@patchbay/graph";
import { createAutosave, type Autosave } from "../document/autosave.js";
import { indexedDbDraftStorage } from "../document/draftStorage.js";
import { toastError } from "../view/viewStore.js";
import { fitSoon } from "../canvas/fitting.js";
import { newId } from "./newId.js";
import { openWelcome } from "./openGraphs.js";
import { readRuns, writeRuns, type RememberedRun } from "./rememberedRuns.js";
import type { Studio } from "./studio.js";

const tabKey = "patchbay.draft";

/**
 * Opens what this tab had, else the newest draft that no other tab has open, else the graph that comes with Patchbay; from then on every edit is
 * kept. Drafts are the browser's: nothing is sent anywhere.
 */
export async function openLastDraft(studio: Studio): Promise<void> {
  const storage = indexedDbDraftStorage(indexedDB);
  const drafts = await storage.list().catch(() => []);
  const mine = sessionStorage.getItem(tabKey);
  const candidates = [...new Set([...(mine === null ? [] : [mine]), ...drafts.map(({ id }) => id)])];
  let opened: string | undefined;
  for (const id of candidates) {
    if (!(await hold(id))) continue;
    const document = await load(storage, id);
    if (!document) continue;
    studio.document.getState().reset(document);
    opened = id;
    break;
  }
  const save = keep(studio, storage, opened);
  studio.drafts.current = {
    list: async () => {
      await save.flush();
      return (await save.list()).filter(({ id }) => id !== save.draftId());
    },
    open: (id) => openDraft(studio, save, id),
  };
  if (opened === undefined) await openWelcome(studio, { first: true });
  else await showRuns(studio, opened);
  addEventListener("pagehide", () => void save.flush());
  addEventListener("visibilitychange", () => void save.flush());
}

/** Goes on with another draft; one that another tab has open is copied. */
async function openDraft(studio: Studio, save: Autosave, id: string): Promise<void> {
  try {
    await save.flush();
    const document = await save.load(id);
    if (!document) return;
    studio.document.getState().reset(document);
    if (await hold(id)) save.continueDraft(id);
    await showRuns(studio, id);
  } catch (error) {
    toastError(studio.view, error);
  }
}

/** Shows what a draft that was just opened was run as. */
async function showRuns(studio: Studio, draft: string): Promise<void> {
  const { jobs, seeds } = readRuns(draft);
  studio.usedSeeds.setState(seeds, true);
  await studio.follower.open(jobs);
  fitSoon(studio);
}

async function load(storage: ReturnType<typeof indexedDbDraftStorage>, id: string): Promise<GraphDocument | undefined> {
  try {
    const draft = await storage.get(id);
    return draft && parseDocument(draft.text);
  } catch {
    // One that can't be read does not keep the studio from opening.
    return undefined;
  }
}

function keep(studio: Studio, storage: ReturnType<typeof indexedDbDraftStorage>, opened: string | undefined): Autosave {
  let current = "";
  /** What graphs that were replaced by another were run as: undo brings them back. */
  const replaced = new WeakMap<GraphDocument, RememberedRun>();
  const runs = (): RememberedRun => ({ jobs: studio.follower.own, seeds: studio.usedSeeds.getState() });
  const save = createAutosave(studio.document, storage, {
    newId,
    ...(opened !== undefined && { draftId: opened }),
    onDraft: (id) => {
      current = id;
      sessionStorage.setItem(tabKey, id);
      void hold(id);
    },
    onError: (error) => toastError(studio.view, error),
  });
  studio.document.subscribe((state, before) => {
    if (state.opened === before.opened) return;
    replaced.set(before.document, runs());
    const known = replaced.get(state.document);
    studio.usedSeeds.setState(known?.seeds ?? {}, true);
    void studio.follower.open(known?.jobs ?? []);
  });
  const remember = (): void => writeRuns(current, runs());
  studio.follower.onOwnChanged = remember;
  studio.usedSeeds.subscribe(remember);
  return save;
}

/** Whether this tab may write a draft: true when it, and no other, has it open. Held until the tab goes. */
async function hold(id: string): Promise<boolean> {
  if (held.has(id)) return true;
  if (!("locks" in navigator)) return true;
  return new Promise((answer) => {
    void navigator.locks.request(`patchbay draft ${id}`, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      if (!lock) return undefined;
      held.add(id);
      return new Promise(() => undefined);
    });
  });
}

const held = new Set<string>();
