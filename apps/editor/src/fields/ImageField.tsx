import { ImageUp } from "lucide-react";
import { useRef, type JSX } from "react";
import { useUploads } from "../session/uploads.js";
import { ComboField } from "./ComboField.js";
import type { FieldProps } from "./fieldProps.js";

/** A picture of the input folder, or one brought in. Dropping and pasting are the card's business. */
export function ImageField(props: FieldProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const upload = useUploads();
  return (
    <div className="image-field">
      <ComboField {...props} />
      <button
        type="button"
        className="field-button"
        aria-label="Bring in a picture"
        title="Bring in a picture"
        onClick={() => input.current?.click()}
      >
        <ImageUp aria-hidden />
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void upload(file).then((name) => name !== undefined && props.set(name));
        }}
      />
    </div>
  );
}
