/** The shape of a recording, read from the recording itself. */
import { useQuery } from "@tanstack/react-query";

export const BARS = 40;
const LOWEST = 0.12;
const RATE = 8000;

export interface Peak {
  at: number;
  height: number;
}

/** Reduce samples to bars between 0.12 and 1. */
export function peaksOf(samples: Float32Array, bars = BARS): Peak[] {
  const size = Math.max(1, Math.floor(samples.length / bars));
  const heights = Array.from({ length: bars }, (_, bar) => {
    let top = 0;
    const end = Math.min(samples.length, (bar + 1) * size);
    for (let at = bar * size; at < end; at += 1) top = Math.max(top, Math.abs(samples[at] ?? 0));
    return top;
  });
  const highest = Math.max(...heights, 0.01);
  return heights.map((height, at) => ({ at, height: Math.max(LOWEST, height / highest) }));
}

const FLAT = peaksOf(new Float32Array(0));

async function read(address: string): Promise<Peak[]> {
  const answer = await fetch(address);
  if (!answer.ok) return FLAT;
  const context = new OfflineAudioContext(1, RATE, RATE);
  const sound = await context.decodeAudioData(await answer.arrayBuffer());
  return peaksOf(sound.getChannelData(0));
}

/** The bars of a recording; flat until it is read, or where the browser cannot decode it. */
export function usePeaks(address: string): Peak[] {
  const { data } = useQuery({
    queryKey: ["peaks", address],
    queryFn: () => read(address),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data ?? FLAT;
}
