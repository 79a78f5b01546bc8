import { useEffect, type RefObject } from "react";

/** Calls back when the pointer goes down anywhere but in the element. */
export function useOutsidePress(box: RefObject<HTMLElement | null>, onPress: () => void): void {
  useEffect(() => {
    const press = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) onPress();
    };
    addEventListener("pointerdown", press, true);
    return () => removeEventListener("pointerdown", press, true);
  }, [box, onPress]);
}
