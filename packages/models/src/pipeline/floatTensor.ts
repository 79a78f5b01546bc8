import type { HostTensor } from "@patchbay/engine";

/** fp32 values on the host, row-major. */
export interface FloatTensor extends HostTensor {
  readonly data: Float32Array;
}

/** An output of a network: always fp32. */
export function floatOutput(outputs: Readonly<Record<string, HostTensor>>, name: string): FloatTensor {
  return outputs[name] as FloatTensor;
}
