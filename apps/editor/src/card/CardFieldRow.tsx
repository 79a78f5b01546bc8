import type { JsonValue } from "@patchbay/graph";
import { memo, type JSX } from "react";
import { useStore } from "zustand";
import { randomSeed } from "../document/graphEdits/afterRunSeeds.js";
import { setValue } from "../document/graphEdits/setValue.js";
import { ColourField } from "../fields/ColourField.js";
import { ComboField } from "../fields/ComboField.js";
import type { CardField, FieldProps } from "../fields/fieldProps.js";
import { ImageField } from "../fields/ImageField.js";
import { NumberField } from "../fields/NumberField.js";
import { SeedField } from "../fields/SeedField.js";
import { LineField, TextField } from "../fields/TextField.js";
import { ToggleField } from "../fields/ToggleField.js";
import { useRun, useStudio } from "../session/studio.js";
import { isText, type PlacedField } from "./cardGeometry.js";
import { growCard } from "./growCard.js";

export interface CardFieldRowProps {
  readonly node: string;
  readonly field: CardField;
  readonly place: PlacedField;
}

/** One field on a card: by the kind of its input, or the name of what feeds it. */
export const CardFieldRow = memo(function CardFieldRow({ node, field, place }: CardFieldRowProps): JSX.Element {
  const { document, catalog, flow } = useStudio();
  const problem = useRun(({ problems }) => problems[node]?.find(({ input }) => input === field.key)?.message);
  const set = (value: JsonValue, gesture?: string): void => {
    const { document: current, apply } = document.getState();
    const operations = setValue(current, catalog.getState().catalog, node, field.key, value);
    if (isText(field)) operations.push(...growCard(current, flow.geometry(node), node, place, value));
    apply(operations, {
      label: `Change ${field.label}`,
      ...(gesture !== undefined && { mergeKey: `${node}.${gesture}` }),
    });
  };
  const props: FieldProps = { node, field, label: field.label, set };
  return (
    <div
      className={`card-field nodrag${problem === undefined ? "" : " wrong"}`}
      style={{ top: place.y, height: place.height }}
      title={problem ?? tooltip(field)}
      data-field={field.key}
    >
      {field.edge === undefined ? <FieldOfKind {...props} /> : <LinkedField label={field.label} />}
      {problem !== undefined && <span className="visually-hidden">{problem}</span>}
    </div>
  );
});

function FieldOfKind(props: FieldProps): JSX.Element {
  const { field } = props;
  if (field.schema.controlAfterGenerate && (field.kind === "int" || field.kind === "float")) return <ControlledSeed {...props} />;
  if (field.schema.spec["display"] === "color" || field.type === "COLOR") return <ColourField {...props} />;
  if (field.schema.upload === "image") return <ImageField {...props} />;
  switch (field.kind) {
    case "int":
    case "float":
      return <NumberField {...props} />;
    case "boolean":
      return <ToggleField {...props} />;
    case "combo":
    case "dynamicCombo":
      return <ComboField {...props} />;
    case "string":
      return isText(field) ? <TextField {...props} /> : <LineField {...props} />;
    default:
      return <KeptField {...props} />;
  }
}

function ControlledSeed(props: FieldProps): JSX.Element {
  const { document, usedSeeds } = useStudio();
  const { node, field, label, set } = props;
  const control = field.control ?? "fixed";
  const used = useStore(usedSeeds, (seeds) => seeds[node]?.[field.key]);
  return (
    <SeedField
      {...props}
      control={control}
      used={used}
      setControl={(next) =>
        document.getState().apply([{ kind: "setControl", node, name: field.key, control: next }], { label: `${label} between runs` })
      }
      roll={() => set(randomSeed(field.schema))}
    />
  );
}

function LinkedField({ label }: { readonly label: string }): JSX.Element {
  return (
    <div className="field linked-field">
      <span className="field-label">{label}</span>
      <span className="field-value">from its wire</span>
    </div>
  );
}

/** A value of a kind that has no field of its own: it is kept, and shown in brief. */
function KeptField({ field, label }: FieldProps): JSX.Element {
  const value = field.value;
  const shown = value === undefined || value === null ? "none" : typeof value === "object" ? "kept as it is" : String(value);
  return (
    <div className="field linked-field">
      <span className="field-label">{label}</span>
      <span className="field-value">{shown}</span>
    </div>
  );
}

function tooltip({ schema }: CardField): string | undefined {
  const text = schema.spec["tooltip"];
  return typeof text === "string" ? text : undefined;
}
