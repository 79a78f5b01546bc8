import { latentToPicture, type DiffusionModel, type LatentRgb } from "@patchbay/models";
import { encodePreview } from "../../files/encodePreview.js";
import type { StepPicture } from "../../nodeContext.js";
import type { LatentValue } from "../../values.js";

/** Making pictures may take this part of the time: sampling wants all cores. */
const SHARE = 1 / 33;

/**
 * Makes pictures of a latent while it is sampled, beside the sampling: a step that comes while a picture is being made, or too soon after the
 * last one, gets none. What goes wrong with a picture is no reason to end a run: there is none then.
 */
export class StepPreview {
  readonly #emit: (picture: StepPicture) => void;
  readonly #shape: LatentValue["shape"];
  #map: LatentRgb | undefined;
  #busy = false;
  #nextAt = 0;

  constructor(model: DiffusionModel, shape: LatentValue["shape"], emit: (picture: StepPicture) => void) {
    this.#emit = emit;
    this.#shape = shape;
    model.colours.map().then(
      (map) => (this.#map = map),
      () => undefined,
    );
  }

  /** Step `value` of `max` is done. @param denoised the clean latent it expects, fp32 in the model's own scale; not kept */
  step(value: number, max: number, denoised: Float32Array): void {
    if (this.#busy || !this.#map || performance.now() < this.#nextAt) return;
    this.#busy = true;
    const began = performance.now();
    const picture = latentToPicture(denoised, this.#shape, this.#map);
    const drawn = performance.now() - began;
    const encode = async (): Promise<void> => {
      const { seconds, ...encoded } = await encodePreview(picture);
      this.#nextAt = began + (drawn + seconds * 1000) / SHARE;
      this.#emit({ value, max, ...encoded });
    };
    void encode()
      .catch(() => undefined)
      .finally(() => (this.#busy = false));
  }
}
