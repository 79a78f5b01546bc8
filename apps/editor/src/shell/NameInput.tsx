import { useRef, type JSX } from "react";

export interface NameInputProps {
  readonly label: string;
  readonly value: string;
  readonly className?: string;
  /** The new name, or null when it stays: Enter, and going elsewhere, take it; Escape does not. Called once. */
  readonly onEnd: (name: string | null) => void;
}

/** A name while it is changed, all of it selected at first. */
export function NameInput({ label, value, className, onEnd }: NameInputProps): JSX.Element {
  const ended = useRef(false);
  const end = (text: string | null): void => {
    if (ended.current) return;
    ended.current = true;
    const name = text?.trim() ?? value;
    onEnd(name === value ? null : name);
  };
  return (
    <input
      className={className}
      aria-label={label}
      defaultValue={value}
      autoFocus
      onFocus={(event) => {
        ended.current = false;
        event.currentTarget.select();
      }}
      onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") end(event.currentTarget.value);
        else if (event.key === "Escape") end(null);
      }}
    />
  );
}
