import type { DocumentNode } from "../document/graphDocument.js";
import type { NodeKind } from "../document/ports.js";
import { getOwn, setOwn } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { concreteInputs } from "../schema/concreteInputs.js";
import { isVirtualType, virtualValueInput } from "../schema/virtualNodes.js";
import { inferWidgetNames, isWidget, readWidgetValues, writeWidgetValues } from "./widgetValues.js";
import { instanceTargets } from "./workflowNode.js";

/** LiteGraph's numbers for the modes. */
const modes = { always: 0, mute: 2, bypass: 4 } as const;

const defaultWidth = 270;
const rowHeight = 26;

/** An id as ComfyUI writes it: a number where it is a plain whole number. */
export function workflowId(id: string): string | number {
  return /^(0|-?[1-9]\d{0,14})$/.test(id) ? Number(id) : id;
}

/**
 * A node as a UI workflow holds it, links apart: the inverse of `readWorkflowNode`. `inputs` and `outputs` are its slots with their links,
 * `order` its place in the order of execution, for nodes that did not come from a workflow.
 */
export function writeWorkflowNode(
  id: string,
  node: DocumentNode,
  kind: NodeKind,
  slots: { readonly inputs: JsonObject[]; readonly outputs: JsonObject[] },
  order: number,
): JsonObject {
  const imported = isImported(node);
  const { values, properties } = widgets(node, kind, slots.inputs);
  const written: JsonObject = {
    id: workflowId(id),
    type: node.type,
    pos: [...node.position],
    size: node.size ? [...node.size] : [defaultWidth, rowHeight * (slots.inputs.length + slots.outputs.length + 2)],
    flags: node.flags ?? {},
    order,
    mode: modes[node.mode ?? "always"],
  };
  if (slots.inputs.length > 0 || node.comfy?.inputs || !imported) written["inputs"] = slots.inputs;
  if (slots.outputs.length > 0 || node.comfy?.outputs || !imported) written["outputs"] = slots.outputs;
  if (node.title !== undefined) written["title"] = node.title;
  if (properties) written["properties"] = properties;
  else if (!imported) written["properties"] = { "Node name for S&R": node.type };
  if (values !== undefined) written["widgets_values"] = values;
  if (node.color !== undefined) written["color"] = node.color;
  if (node.background !== undefined) written["bgcolor"] = node.background;
  for (const [key, value] of Object.entries(node.comfy?.rest ?? {})) {
    // A mode that has no meaning here stays until the node is given one that has.
    if (key !== "mode" || !node.mode) setOwn(written, key, value);
  }
  return written;
}

/** Whether a node came from a UI workflow: only those have slots of their own or an order. */
function isImported({ comfy }: DocumentNode): boolean {
  return comfy?.inputs !== undefined || comfy?.outputs !== undefined || comfy?.rest !== undefined;
}

interface Widgets {
  readonly values: JsonValue | undefined;
  readonly properties: JsonObject | undefined;
}

function widgets(node: DocumentNode, kind: NodeKind, slots: readonly JsonObject[]): Widgets {
  const { properties, comfy } = node;
  const kept = comfy?.widgets_values;
  if (comfy?.byName) return { values: { ...node.inputs }, properties };
  if (kind.subgraph) return instanceValues(node, slots);
  if (isVirtualType(node.type)) return { values: virtualValues(node), properties };
  if (kept !== undefined && !Array.isArray(kept)) return { values: kept, properties };
  if (kind.schema) {
    const before = Array.isArray(kept) ? readWidgetValues(kind.schema, kept) : undefined;
    const values = writeWidgetValues(
      kind.schema,
      {
        inputs: { ...before?.inputs, ...node.inputs },
        controls: { ...before?.controls, ...node.controls },
        noUploadMarker: before?.noUploadMarker ?? comfy?.noUploadMarker ?? false,
        trailing: before?.trailing ?? comfy?.trailing ?? [],
      },
      isImported(node),
    );
    return { values: values.length > 0 || kept || comfy?.trailing ? values : undefined, properties };
  }
  if (kept) {
    const values = [...kept];
    inferWidgetNames(comfy?.inputs ?? [], kept)?.forEach((name, i) => {
      const value = name === null ? undefined : getOwn(node.inputs, name);
      if (value !== undefined) values[i] = value;
    });
    return { values, properties };
  }
  // Nothing tells the places of the values; by name nothing is lost.
  return { values: Object.keys(node.inputs).length > 0 ? { ...node.inputs } : undefined, properties };
}

function virtualValues(node: DocumentNode): JsonValue[] | undefined {
  const name = isVirtualType(node.type) ? virtualValueInput(node.type) : undefined;
  const value = name === undefined ? undefined : getOwn(node.inputs, name);
  const control = name === undefined ? undefined : getOwn(node.controls ?? {}, name);
  const trailing = node.comfy?.trailing;
  const values = [...(value === undefined ? [] : [value]), ...(control === undefined ? [] : [control]), ...(trailing ?? [])];
  return values.length > 0 || trailing ? values : undefined;
}

/** An instance's values in the order of `proxyWidgets`, which gets an entry for each value it lacks and loses those no longer promoted. */
function instanceValues(node: DocumentNode, slots: readonly JsonObject[]): Widgets {
  const promoted = new Map((node.promoted ?? []).map((entry) => [JSON.stringify([entry.node, entry.input]), entry]));
  const listed = instanceTargets(node, slots);
  const targets = listed.filter(({ target }) => target[0] === "-1" || promoted.has(JSON.stringify(target)));
  const known = new Set(targets.map(({ target }) => JSON.stringify(target)));
  for (const [key, entry] of promoted) {
    if (!known.has(key)) targets.push({ target: [entry.node, entry.input], entry: [entry.node, entry.input] });
  }
  for (const name of Object.keys(node.inputs)) {
    if (!known.has(JSON.stringify(["-1", name]))) targets.push({ target: ["-1", name], entry: ["-1", name] });
  }
  const given = targets.map(({ target }) =>
    target[0] === "-1" ? getOwn(node.inputs, target[1]) : promoted.get(JSON.stringify(target))?.value,
  );
  const trailing = node.comfy?.trailing;
  let end = given.length;
  if (!trailing?.length) while (end > 0 && given[end - 1] === undefined) end--;
  const values = [...given.slice(0, end).map((value) => value ?? null), ...(trailing ?? [])];
  const changed = targets.length !== listed.length || targets.some((target, i) => target !== listed[i]);
  return {
    values: values.length > 0 || trailing ? values : undefined,
    properties: changed ? { ...node.properties, proxyWidgets: targets.map(({ entry }) => entry) } : node.properties,
  };
}

/**
 * A node's input slots without links: as its file had them, else as its interface states them, sockets before widgets. `linked` names the
 * inputs that edges lead to.
 */
export function inputSlotsOf(node: DocumentNode, kind: NodeKind, linked: ReadonlySet<string>): JsonObject[] {
  if (isImported(node)) return (node.comfy?.inputs ?? []).map((slot) => ({ ...slot, link: null }));
  if (kind.subgraph) {
    const widget = (name: string): JsonObject => (Object.hasOwn(node.inputs, name) ? { widget: { name } } : {});
    return kind.subgraph.inputs.map(({ name, type }) => ({ name, type, ...widget(name), link: null }));
  }
  if (kind.schema) {
    const inputs = concreteInputs(
      kind.schema.inputs,
      (name) => getOwn(node.inputs, name),
      (name) => linked.has(name),
    );
    const slot = (input: (typeof inputs)[number]): JsonObject => ({
      name: input.name,
      type: input.type,
      ...(isWidget(input) ? { widget: { name: input.name } } : input.required ? {} : { shape: 7 }),
      link: null,
    });
    return [...inputs.filter((input) => !isWidget(input)), ...inputs.filter(isWidget)].map(slot);
  }
  return node.type === "Reroute" ? [{ name: "", type: "*", link: null }] : [];
}

/** A node's output slots without links: as its file had them, else as its interface states them. */
export function outputSlotsOf(node: DocumentNode, kind: NodeKind): JsonObject[] {
  if (isImported(node)) return (node.comfy?.outputs ?? []).map((slot) => ({ ...slot, links: [] }));
  const ports = kind.subgraph?.outputs ?? kind.schema?.outputs;
  if (ports) return ports.map(({ name, type }) => ({ name, type, links: [] }));
  if (node.type === "Reroute") return [{ name: "", type: "*", links: [] }];
  return node.type === "PrimitiveNode" ? [{ name: "connect to widget input", type: "*", links: [] }] : [];
}
