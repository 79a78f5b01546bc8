/** A tensor of values of variance 1. */
export function noise(shape) {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) data[i] = Math.sqrt(12) * (Math.random() - 0.5);
  return { data, shape };
}
