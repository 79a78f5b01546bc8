/** The token that colours a type's wires and sockets: the hues that ComfyUI's users know. */
export function typeColour(type: string): string {
  return `var(${typeToken(type)})`;
}

const tokens: Readonly<Record<string, string>> = {
  MODEL: "--type-model",
  CLIP: "--type-clip",
  VAE: "--type-vae",
  CONDITIONING: "--type-conditioning",
  LATENT: "--type-latent",
  IMAGE: "--type-image",
  MASK: "--type-mask",
  CONTROL_NET: "--type-control",
  STYLE_MODEL: "--type-control",
  CLIP_VISION: "--type-clip",
  CLIP_VISION_OUTPUT: "--type-conditioning",
  UPSCALE_MODEL: "--type-model",
  INT: "--type-number",
  FLOAT: "--type-number",
  BOOLEAN: "--type-number",
  SIGMAS: "--type-number",
  STRING: "--type-text",
  COMBO: "--type-text",
};

export function typeToken(type: string): string {
  return tokens[type] ?? tokens[type.split(",")[0] ?? ""] ?? "--type-other";
}

/** Round sockets carry tensors, diamonds models, squares values: colour is never alone. */
export type SocketShape = "round" | "diamond" | "square";

const models = new Set(["MODEL", "CLIP", "VAE", "CONTROL_NET", "CLIP_VISION", "STYLE_MODEL", "UPSCALE_MODEL", "GLIGEN", "LORA_MODEL"]);
const values = new Set(["INT", "FLOAT", "BOOLEAN", "STRING", "COMBO", "NUMBER"]);

export function socketShape(type: string): SocketShape {
  const first = type.split(",")[0] ?? "";
  if (models.has(first)) return "diamond";
  return values.has(first) ? "square" : "round";
}

/** The token of a category's hue, for the edge of a card. */
export function categoryHue(category: string): string {
  return `var(${categoryToken(category)})`;
}

export function categoryToken(category: string): string {
  const found = categories.find(([pattern]) => pattern.test(category));
  return found ? found[1] : "--hue-utility";
}

const categories: readonly (readonly [RegExp, string])[] = [
  [/load/i, "--hue-loader"],
  [/condition/i, "--hue-conditioning"],
  [/sampl/i, "--hue-sampling"],
  [/latent/i, "--hue-latent"],
  [/mask/i, "--hue-mask"],
  [/image/i, "--hue-image"],
];
