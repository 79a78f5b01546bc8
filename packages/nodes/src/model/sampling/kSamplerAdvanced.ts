import { defineNode } from "../../defineNode.js";
import { combo, float, int, wideInt, wire } from "../../inputs.js";
import { sample } from "./sample.js";
import { samplerName, schedulerName } from "./samplerInputs.js";

export const kSamplerAdvanced = defineNode({
  type: "KSamplerAdvanced",
  displayName: "KSampler (Advanced)",
  category: "model/sampling",
  description: "Runs some of the steps of a schedule, so that several samplers can share one.",
  inputs: {
    model: wire("MODEL"),
    add_noise: combo(["enable", "disable"], { advanced: true }),
    noise_seed: wideInt({ default: 0, min: 0, max: 2n ** 64n - 1n, control_after_generate: true }),
    steps: int({ default: 20, min: 1, max: 10000 }),
    cfg: float({ default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }),
    sampler_name: samplerName,
    scheduler: schedulerName,
    positive: wire("CONDITIONING"),
    negative: wire("CONDITIONING"),
    latent_image: wire("LATENT"),
    start_at_step: int({ default: 0, min: 0, max: 10000, advanced: true }),
    end_at_step: int({ default: 10000, min: 0, max: 10000, advanced: true }),
    return_with_leftover_noise: combo(["disable", "enable"], { advanced: true }),
  },
  outputs: { LATENT: "LATENT" },
  run: async ({ model, steps, cfg, scheduler, positive, negative, ...inputs }, context) => {
    const options = {
      model,
      steps,
      cfg,
      scheduler,
      positive,
      negative,
      seed: inputs.noise_seed,
      sampler: inputs.sampler_name,
      addNoise: inputs.add_noise === "enable",
      startStep: inputs.start_at_step,
      endStep: inputs.end_at_step,
      forceFullDenoise: inputs.return_with_leftover_noise === "disable",
    };
    return { LATENT: await sample(inputs.latent_image, options, context) };
  },
});
