import type { JsonObject, JsonValue } from "../json/jsonValue.js";

/** One input as `/object_info` states it: its type (or, for an old-style combo, the list of its values) and its options. */
export type InputSpec = readonly [type: string | readonly JsonValue[], options?: JsonObject];

/** Inputs of one section, in display order. A hidden input may be just its type, e.g. "PROMPT". */
export type InputSection = Readonly<Record<string, InputSpec>>;

export interface NodeInputs {
  readonly required?: InputSection;
  readonly optional?: InputSection;
  readonly hidden?: Readonly<Record<string, string | InputSpec>>;
}

/**
 * A node's interface, in exactly the form of an entry of ComfyUI's `/object_info`.
 * Option keys of an input: default, min, max, step, round, multiline, options, control_after_generate, image_upload, forceInput, lazy,
 * tooltip and so on. A COMBO without `options` is one whose values only the running program knows; it may name their source as
 * `options_from_folder: [kind, …]` (model folders) or `options_from_directory: "input"`.
 */
export interface NodeInfo {
  readonly input: NodeInputs;
  readonly input_order?: {
    readonly required?: readonly string[];
    readonly optional?: readonly string[];
    readonly hidden?: readonly string[];
  };
  readonly is_input_list?: boolean;
  /** Type of each output; a list is a combo's values. */
  readonly output: readonly (string | readonly JsonValue[])[];
  readonly output_is_list?: readonly boolean[];
  readonly output_name: readonly string[];
  readonly output_tooltips?: readonly (string | null)[];
  readonly output_matchtypes?: readonly (string | null)[] | null;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly python_module: string;
  readonly category: string;
  readonly output_node: boolean;
  readonly has_intermediate_output?: boolean;
  readonly deprecated?: boolean;
  readonly experimental?: boolean;
  readonly dev_only?: boolean;
  readonly api_node?: boolean;
  readonly search_aliases?: readonly string[];
  readonly essentials_category?: string | null;
  readonly price_badge?: JsonValue;
}

/** Every node known, by its type (`class_type`): the body of `/object_info`. */
export type Catalog = Readonly<Record<string, NodeInfo>>;
