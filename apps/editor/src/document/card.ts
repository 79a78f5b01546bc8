import type { InputKind, InputSchema, JsonValue, NodeSchema, SeedControl, SubgraphDefinition } from "@patchbay/graph";

export interface CardInput {
  /** What edges and values call it. */
  readonly key: string;
  readonly label: string;
  /** The type on the wire; "*" takes anything. */
  readonly type: string;
  readonly kind: InputKind;
  readonly schema: InputSchema;
  /** The id of the edge that feeds it. */
  readonly edge: string | undefined;
  /** The value it holds, or the default that a run fills in; undefined when there is neither. */
  readonly value: JsonValue | undefined;
  /** What a seed's control does after a run, where one is set. */
  readonly control: SeedControl | undefined;
  /** On an instance of a subgraph: the inner input that this field shows. Such fields take no wire. */
  readonly promoted?: { readonly node: string; readonly input: string };
}

export interface CardOutput {
  readonly key: string;
  readonly label: string;
  readonly type: string;
}

/** Everything that a card shows of its node, in display order. */
export interface Card {
  readonly title: string;
  /** Inputs that are only ever linked. */
  readonly sockets: readonly CardInput[];
  /** Inputs with a value of their own, which may be linked instead. */
  readonly fields: readonly CardInput[];
  readonly outputs: readonly CardOutput[];
  /** Neither the catalog nor the document knows the type: what is shown is what the file kept. */
  readonly unknown: boolean;
  readonly schema: NodeSchema | undefined;
  readonly subgraph: SubgraphDefinition | undefined;
}

/** An input before its edge and control are known; a control given here stands in for one that the node lacks. */
export type PortInput = Omit<CardInput, "edge" | "control"> & { readonly control?: SeedControl | undefined };

/** What a kind of node contributes to its card; edges are put in afterwards. */
export interface CardPorts {
  readonly inputs: readonly PortInput[];
  readonly outputs: readonly CardOutput[];
}
