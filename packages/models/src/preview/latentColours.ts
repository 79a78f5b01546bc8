import { EngineError } from "@patchbay/engine";
import type { LatentFormat } from "../families/family.js";
import type { Autoencoder } from "../pipeline/autoencoder.js";
import type { Holding } from "../pipeline/holding.js";
import { fitLatentRgb } from "./fitLatentRgb.js";
import type { LatentRgb } from "./latentRgb.js";

/** The colours that a model's latents stand for, found out when they are first asked for: for pictures of what is being sampled. */
export class LatentColours {
  readonly #format: LatentFormat;
  readonly #autoencoder: Autoencoder | undefined;
  #map: Promise<LatentRgb | undefined> | undefined;

  /** @param autoencoder the one of the model's own file, if it has one */
  constructor(format: LatentFormat, autoencoder: Autoencoder | undefined) {
    this.#format = format;
    this.#autoencoder = autoencoder;
  }

  /** The parts that hold memory. */
  get holdings(): readonly Holding[] {
    return this.#fits ? this.#autoencoder!.holdings : [];
  }

  /** Whether the map is fitted to the file's own autoencoder: where that is not the one that the family's map is for, small ones above all. */
  get #fits(): boolean {
    const widths = this.#autoencoder?.config.widths;
    return widths !== undefined && widths.join() !== this.#format.colours?.autoencoderWidths.join();
  }

  /** The map; undefined where nothing is known of these latents, or where finding out takes memory that is not there. */
  async map(): Promise<LatentRgb | undefined> {
    this.#map ??= this.#find().catch((error: unknown) => {
      this.#map = undefined;
      if (error instanceof EngineError && error.code === "ENGINE_MEMORY") return undefined;
      throw error;
    });
    return this.#map;
  }

  async #find(): Promise<LatentRgb | undefined> {
    if (this.#fits) return fitLatentRgb(this.#autoencoder!, this.#format.scale);
    return this.#format.colours?.map;
  }
}
