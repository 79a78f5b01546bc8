import { getOwn, setOwn } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import { EditorError } from "./editorError.js";

/** The parts of a document that hold things by id. */
export interface Collections {
  nodes: GraphDocument["nodes"];
  edges: GraphDocument["edges"];
  frames: GraphDocument["frames"];
  reroutes: GraphDocument["reroutes"];
  subgraphs: GraphDocument["subgraphs"];
}

export type CollectionName = keyof Collections;
export type ItemOf<C extends CollectionName> = Collections[C][string];

const itemNames: Readonly<Record<CollectionName, string>> = {
  nodes: "node",
  edges: "edge",
  frames: "frame",
  reroutes: "reroute point",
  subgraphs: "subgraph",
};

/**
 * A document that is being changed: a collection is copied, shallowly, before the first write to it and only then; the document it began with
 * is never written to.
 */
export class DocumentDraft {
  /** The document as it is now; do not keep it before the draft is done with. */
  document: GraphDocument;
  /** How many writes there were. */
  writes = 0;
  private readonly owned = new Set<CollectionName>();
  private ownsDocument = false;

  constructor(document: GraphDocument) {
    this.document = document;
  }

  /** Throws EDITOR_ID_UNKNOWN when there is none. */
  get<C extends CollectionName>(collection: C, id: string): ItemOf<C> {
    const item = getOwn<ItemOf<C>>(this.document[collection] as Record<string, ItemOf<C>>, id);
    if (item === undefined) {
      throw new EditorError(
        "EDITOR_ID_UNKNOWN",
        `There is no ${itemNames[collection]} ${JSON.stringify(id)} to change; it may have been deleted`,
      );
    }
    return item;
  }

  /** Throws EDITOR_ID_TAKEN when there is one. */
  add<C extends CollectionName>(collection: C, id: string, item: ItemOf<C>): void {
    if (Object.hasOwn(this.document[collection], id)) {
      throw new EditorError(
        "EDITOR_ID_TAKEN",
        `There already is a ${itemNames[collection]} ${JSON.stringify(id)}; one that is added needs an id of its own`,
      );
    }
    setOwn(this.writable(collection) as Record<string, ItemOf<C>>, id, item);
  }

  /** Puts `item` in the place of the one that is there. Nothing is written when it is the same object. */
  set<C extends CollectionName>(collection: C, id: string, item: ItemOf<C>): void {
    if (this.get(collection, id) === item) return;
    setOwn(this.writable(collection) as Record<string, ItemOf<C>>, id, item);
  }

  remove<C extends CollectionName>(collection: C, id: string): ItemOf<C> {
    const item = this.get(collection, id);
    delete this.writable(collection)[id];
    return item;
  }

  setTitle(title: string | undefined): void {
    const document = this.writableDocument();
    if (title === undefined) delete document.title;
    else document.title = title;
  }

  replace(document: GraphDocument): void {
    this.document = document;
    this.ownsDocument = false;
    this.owned.clear();
    this.writes++;
  }

  private writableDocument(): GraphDocument {
    this.writes++;
    if (!this.ownsDocument) {
      this.document = { ...this.document };
      this.ownsDocument = true;
    }
    return this.document;
  }

  private writable<C extends CollectionName>(collection: C): Collections[C] {
    const document = this.writableDocument();
    if (!this.owned.has(collection)) {
      (document as Collections)[collection] = { ...document[collection] } as Collections[C];
      this.owned.add(collection);
    }
    return document[collection] as Collections[C];
  }
}
