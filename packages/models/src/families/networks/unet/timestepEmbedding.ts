const { fround } = Math;

/**
 * Sinusoidal embedding of timesteps (Ho et al. 2020, after Vaswani et al. 2017): [cos(t·f_i), sin(t·f_i)] with f_i = 10000^(-i/half),
 * rounded to fp32 after each operation, as the networks were trained with.
 * @returns fp32 [timesteps, width], cosines first; an odd width ends in a zero
 */
export function timestepEmbedding(timesteps: readonly number[], width: number): Float32Array {
  const half = Math.floor(width / 2);
  const rate = fround(-Math.log(10000));
  const out = new Float32Array(timesteps.length * width);
  for (let i = 0; i < half; i++) {
    const frequency = fround(Math.exp(fround(fround(rate * i) / half)));
    timesteps.forEach((timestep, row) => {
      const angle = fround(timestep * frequency);
      out[row * width + i] = Math.cos(angle);
      out[row * width + half + i] = Math.sin(angle);
    });
  }
  return out;
}
