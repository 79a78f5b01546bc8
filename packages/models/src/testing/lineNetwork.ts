/**
 * A stand-in for a network, simple enough to run inside ComfyUI as well: depends on its input, that input's left neighbour (within an item
 * of the batch, of `perItem` values), the timestep and the prompt, which is a number.
 */
export function lineNetwork(input: Float32Array, timestep: number, prompt: number, perItem: number): Float32Array {
  return input.map((value, i) => {
    const left = i % perItem === 0 ? input[i + perItem - 1]! : input[i - 1]!;
    return (0.9 + 0.02 * prompt) * value + 0.25 * Math.sin(1.5 * left + 0.003 * timestep + prompt);
  });
}
