/** Kinds of model folders and the names they have in a `models` folder, the present one first. */
export const modelKinds: Readonly<Record<string, readonly string[]>> = {
  checkpoints: ["checkpoints"],
  configs: ["configs"],
  loras: ["loras"],
  vae: ["vae"],
  text_encoders: ["text_encoders", "clip"],
  diffusion_models: ["diffusion_models", "unet"],
  clip_vision: ["clip_vision"],
  style_models: ["style_models"],
  embeddings: ["embeddings"],
  diffusers: ["diffusers"],
  vae_approx: ["vae_approx"],
  controlnet: ["controlnet", "t2i_adapter"],
  gligen: ["gligen"],
  upscale_models: ["upscale_models"],
  latent_upscale_models: ["latent_upscale_models"],
  hypernetworks: ["hypernetworks"],
  photomaker: ["photomaker"],
  classifiers: ["classifiers"],
  model_patches: ["model_patches"],
  audio_encoders: ["audio_encoders"],
};

/** The kind that a folder's name stands for; names that aren't known are kinds of their own. */
export function kindOf(name: string): string {
  for (const [kind, names] of Object.entries(modelKinds)) if (names.includes(name)) return kind;
  return name;
}
